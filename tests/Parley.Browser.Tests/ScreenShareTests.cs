using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A shared screen, beside camera and microphone.</summary>
public sealed class ScreenShareTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task A_shared_screen_arrives_while_camera_and_microphone_go_on_and_ends_with_its_switch()
    {
        var (alice, bob) = await InCallAsync();
        var share = alice.Page.GetByRole(AriaRole.Button, new() { Name = "Share screen", Exact = true });
        var screen = bob.Page.GetByLabel("Screen of the other person");

        await share.ClickAsync();

        await Assertions.Expect(share).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(screen).ToBeVisibleAsync();
        await MovesAsync(screen);
        await MovesAsync(bob.Call.RemotePicture);
        await bob.HearsSoundAsync();
        await bob.Call.ReadsAsync("The other person shares the screen");

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stop sharing" }).ClickAsync();
        await Assertions.Expect(screen).ToHaveCountAsync(0);
        await Assertions.Expect(share).ToHaveAttributeAsync("aria-pressed", "false");
        await MovesAsync(bob.Call.RemotePicture);
    }

    [Fact]
    public async Task A_screens_own_sound_is_heard_beside_the_voice()
    {
        var alice = await ArriveAsync("alice");
        // Browsers give a screen's sound where there is a window to choose: here a steady tone takes its place.
        await alice.Page.AddInitScriptAsync("""
            const { getDisplayMedia } = MediaDevices.prototype;
            MediaDevices.prototype.getDisplayMedia = async function (constraints) {
              const stream = await getDisplayMedia.call(this, { ...constraints, audio: false });
              const context = new AudioContext();
              const out = context.createMediaStreamDestination();
              const tone = new OscillatorNode(context, { frequency: 1500 });
              tone.connect(out);
              tone.start();
              stream.addTrack(out.stream.getAudioTracks()[0]);
              return stream;
            };
            """);
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await ConnectAsync(alice, bob);
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Share screen", Exact = true }).ClickAsync();
        await alice.Call.ReadsAsync("You are sharing your screen with its sound");
        var screen = bob.Page.GetByLabel("Screen of the other person");
        await MovesAsync(screen);

        // What a screen sounds like is not in the statistics: an ear of its own, beside the element that plays it.
        await screen.EvaluateAsync("""
            video => {
              const context = new AudioContext();
              const ear = new AnalyserNode(context);
              context.createMediaStreamSource(video.srcObject).connect(ear);
              window.pitch = () => {
                const pitches = new Uint8Array(ear.frequencyBinCount);
                ear.getByteFrequencyData(pitches);
                const loudest = Math.max(...pitches);
                return loudest > 100 ? pitches.indexOf(loudest) * context.sampleRate / ear.fftSize : 0;
              };
            }
            """);
        await Wait.UntilAsync(
            () => bob.Page.EvaluateAsync<double>("() => window.pitch()"),
            pitch => pitch is > 1400 and < 1600,
            "the tone of the screen");
        Assert.True(await screen.EvaluateAsync<bool>("video => !video.muted && !video.paused"), "The screen's element plays it.");
        await bob.HearsSoundAsync();
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task Both_can_share_at_once_and_hanging_up_ends_it()
    {
        var (alice, bob) = await InCallAsync();
        foreach (var person in (Person[])[alice, bob])
        {
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Share screen", Exact = true }).ClickAsync();
        }

        await Task.WhenAll(MovesAsync(alice.Page.GetByLabel("Screen of the other person")), MovesAsync(bob.Page.GetByLabel("Screen of the other person")));

        await alice.Call.HangUp.ClickAsync();
        await Task.WhenAll(alice.Call.ReachesAsync("ended"), bob.Call.ReachesAsync("ended"));
        await Assertions.Expect(alice.Page.GetByText("You are sharing your screen")).ToHaveCountAsync(0);
    }

    private static async Task MovesAsync(ILocator video)
    {
        static Task<int> FramesAsync(ILocator video) => video.EvaluateAsync<int>("video => video.getVideoPlaybackQuality().totalVideoFrames");
        var first = await Wait.UntilAsync(() => FramesAsync(video), frames => frames > 0, "the first frame");
        await Wait.UntilAsync(() => FramesAsync(video), frames => frames >= first + 10, "further frames");
    }
}
