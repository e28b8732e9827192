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
