using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>
/// Other devices in the middle of a call, out of three of each kind. The browser's own choose and open; so that they can be told apart,
/// each camera shows a color of its own and each microphone has a pitch of its own.
/// </summary>
public sealed class DeviceChoiceTests(Stage stage) : CallTest(stage)
{
    private static readonly ChromiumOptions ThreeOfEach = new()
    {
        FakeDevices = false,
        Switches = ["--use-fake-device-for-media-stream=device-count=3", "--autoplay-policy=no-user-gesture-required"],
    };

    private const string TellDevicesApart = """
        {
          const colored = (place) => {
            const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
            const paint = canvas.getContext('2d');
            const timer = setInterval(() => {
              paint.fillStyle = ['#f00', '#0f0', '#00f'][place];
              paint.fillRect(0, 0, 320, 240);
            }, 50);
            return [canvas.captureStream(20).getVideoTracks()[0], () => clearInterval(timer)];
          };
          const pitched = (place) => {
            const context = new AudioContext();
            const tone = new OscillatorNode(context, { frequency: 500 * 2 ** place });
            const out = context.createMediaStreamDestination();
            tone.connect(out);
            tone.start();
            return [out.stream.getAudioTracks()[0], () => void context.close()];
          };
          const { getUserMedia } = MediaDevices.prototype;
          MediaDevices.prototype.getUserMedia = async function (constraints) {
            const stream = await getUserMedia.call(this, constraints);
            const devices = await this.enumerateDevices();
            for (const real of stream.getTracks()) {
              const settings = real.getSettings();
              const alike = devices.filter(({ kind }) => kind === `${real.kind}input`);
              const place = alike.findIndex(({ deviceId }) => deviceId === settings.deviceId);
              const [track, end] = real.kind === 'video' ? colored(place) : pitched(place);
              const { stop } = track;
              track.stop = () => { end(); real.stop(); stop.call(track); };
              track.getSettings = () => settings;
              stream.removeTrack(real);
              stream.addTrack(track);
            }
            return stream;
          };
          window.acts = [];
          for (const [type, name] of [[RTCPeerConnection, 'setLocalDescription'], [RTCRtpSender, 'replaceTrack']]) {
            const act = type.prototype[name];
            type.prototype[name] = function (...given) {
              if (given[0] !== null) window.acts.push(given[0]?.kind ? `${name} ${given[0].kind}` : name);
              return act.apply(this, given);
            };
          }
        }
        """;

    private const string WatchTheOther = """
        () => {
          const stream = document.querySelector('.remote-video').srcObject;
          window.interrupted = [];
          for (const track of stream.getTracks()) for (const name of ['mute', 'ended'])
            track.addEventListener(name, () => window.interrupted.push(`${track.kind} ${name}`));
          const context = new AudioContext();
          const ear = new AnalyserNode(context, { fftSize: 2048 });
          context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(ear);
          const paint = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
          window.perceive = () => {
            paint.drawImage(document.querySelector('.remote-video'), 0, 0, 1, 1);
            const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
            const color = ['red', 'green', 'blue'][[red, green, blue].indexOf(Math.max(red, green, blue))];
            const heard = new Float32Array(ear.frequencyBinCount);
            ear.getFloatFrequencyData(heard);
            const pitch = (heard.indexOf(Math.max(...heard)) * context.sampleRate) / ear.fftSize;
            return `${color} ${pitch < 100 ? 'silence' : ['low', 'middle', 'high'][Math.round(Math.log2(pitch / 500))]}`;
          };
        }
        """;

    [Fact]
    public async Task Another_camera_microphone_and_speaker_in_the_call_change_that_and_nothing_else()
    {
        var alice = await ArriveAsync(ThreeOfEach, "alice");
        await alice.Page.AddInitScriptAsync(TellDevicesApart);
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.AskForDevicesAsync();
        await alice.Page.GetByLabel("Your picture, as in a mirror").WaitForAsync();
        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("waiting");
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await ConnectAsync(alice, bob);
        // A call begins at the relay, and moves to the direct way by negotiation.
        await GoDirectlyAsync(alice, bob);
        await bob.SeesMovingPictureAsync();
        await bob.Page.EvaluateAsync(WatchTheOther);
        await PerceivesAsync(bob, "red low");
        await alice.Page.EvaluateAsync("() => { window.acts = []; }");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();

        await ChooseAsync(alice, "Camera", 1);
        await PerceivesAsync(bob, "green low");
        Assert.Equal(["replaceTrack video"], await ActsAsync(alice));

        await ChooseAsync(alice, "Microphone", 2);
        await PerceivesAsync(bob, "green high");
        Assert.Equal(["replaceTrack video", "replaceTrack audio"], await ActsAsync(alice));

        await ChooseAsync(alice, "Camera", 2);
        await PerceivesAsync(bob, "blue high");

        var speaker = await ChooseAsync(alice, "Speaker", 1);
        await Wait.UntilAsync(() => alice.Page.EvaluateAsync<string>("() => document.querySelector('.remote-video').sinkId"), id => id == speaker, "the call is heard from the chosen speaker");
        await alice.HearsSoundAsync();
        await bob.SeesMovingPictureAsync();

        Assert.Equal(["replaceTrack video", "replaceTrack audio", "replaceTrack video"], await ActsAsync(alice));
        Assert.Empty(await bob.Page.EvaluateAsync<string[]>("() => window.interrupted"));
    }

    private static async Task<string> ChooseAsync(Person person, string kind, int index) =>
        Assert.Single(await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox, new() { Name = kind }).SelectOptionAsync(new SelectOptionValue { Index = index }));

    private static Task<string> PerceivesAsync(Person person, string what) =>
        Wait.UntilAsync(() => person.Page.EvaluateAsync<string>("() => window.perceive()"), now => now == what, $"{person.Name} sees and hears: {what}");

    private static Task<string[]> ActsAsync(Person person) => person.Page.EvaluateAsync<string[]>("() => window.acts");
}
