using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>What can be done in the middle of a call, besides talking.</summary>
public sealed class StageTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task Ones_own_picture_moves_to_other_corners_by_keys_and_by_hand_and_can_be_hidden()
    {
        var (alice, _) = await InCallAsync();
        var self = alice.Page.GetByRole(AriaRole.Group, new() { Name = "Your picture, as in a mirror" });
        await self.FocusAsync();
        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await alice.Page.Keyboard.PressAsync("ArrowLeft");
        await IsAtAsync(self, left: true, top: true);

        // Not where it was seen on its way there.
        await self.HoverAsync(new() { Position = new() { X = 20, Y = 20 } });
        await alice.Page.Mouse.DownAsync();
        await alice.Page.Mouse.MoveAsync(1100, 600, new() { Steps = 5 });
        await alice.Page.Mouse.UpAsync();
        await IsAtAsync(self, left: false, top: false);

        await alice.Page.Keyboard.PressAsync("h");
        await Assertions.Expect(self).ToHaveCountAsync(0);
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Show my picture" }).ClickAsync();
        await Assertions.Expect(self).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_tap_on_the_small_picture_makes_it_the_large_one_and_a_shared_screen_stays_large()
    {
        var (alice, bob) = await InCallAsync();
        var self = alice.Page.Locator("self-view");
        var them = alice.Page.Locator("remote-picture");
        await alice.Page.GetByRole(AriaRole.Group, new() { Name = "Your picture, as in a mirror" }).ClickAsync();
        await IsLargeAsync(self);
        await IsLargeAsync(them, large: false);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), alice.HearsSoundAsync());

        var small = alice.Page.GetByRole(AriaRole.Group, new() { Name = "Picture of the other person" });
        await small.FocusAsync();
        await alice.Page.Keyboard.PressAsync("ArrowLeft");
        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await IsAtAsync(small, left: true, top: true);
        await alice.Page.Keyboard.PressAsync("Enter");
        await IsLargeAsync(them);
        var selfSmall = alice.Page.GetByRole(AriaRole.Group, new() { Name = "Your picture, as in a mirror" });
        await IsAtAsync(selfSmall, left: true, top: true);
        await Assertions.Expect(selfSmall).ToBeFocusedAsync();

        await alice.Page.Keyboard.PressAsync("x");
        await IsLargeAsync(self);
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Share screen", Exact = true }).ClickAsync();
        await IsLargeAsync(alice.Page.GetByLabel("Screen of the other person"));
        await IsLargeAsync(self, large: false);
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Stop sharing" }).ClickAsync();
        await IsLargeAsync(self);
    }

    [Fact]
    public async Task Single_keys_work_the_call_except_where_text_is_written_and_can_be_switched_off()
    {
        var (alice, _) = await InCallAsync();
        await alice.Page.Keyboard.PressAsync("m");
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");

        // Held down, the space bar lets a muted person speak.
        await alice.Page.Keyboard.DownAsync(" ");
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "false");
        await alice.Page.Keyboard.UpAsync(" ");
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");

        await alice.Page.Keyboard.PressAsync("c");
        var field = alice.Page.GetByRole(AriaRole.Textbox, new() { Name = "Message" });
        await Assertions.Expect(field).ToBeFocusedAsync();
        await alice.Page.Keyboard.TypeAsync("mmv");
        await Assertions.Expect(field).ToHaveValueAsync("mmv");
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");
        await alice.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(alice.Call.Chat).ToBeFocusedAsync();

        await alice.Page.Keyboard.PressAsync("?");
        await alice.Page.GetByRole(AriaRole.Switch, new() { Name = "Single keys work the call" }).UncheckAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Page.Keyboard.PressAsync("m");
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task The_connection_details_name_path_codecs_and_rates()
    {
        var (alice, _) = await InCallAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Connection details" }).ClickAsync();
        var details = alice.Page.GetByRole(AriaRole.Dialog, new() { Name = "Connection details" });
        foreach (var words in (string[])["Direct · UDP", "opus", "AV1", "kbit/s", "Good"])
        {
            await Assertions.Expect(details).ToContainTextAsync(words, new() { Timeout = 15_000 });
        }

        await Assertions.Expect(alice.Page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new Regex(@"^\d+:\d\d$"));
        foreach (var chart in await details.Locator(".chart polyline").AllAsync())
        {
            await Wait.UntilAsync(() => chart.EvaluateAsync<int>("line => line.points.length"), points => points > 3, "a chart that grows");
        }

        Assert.Equal(4, await details.Locator(".chart polyline").CountAsync());
    }

    [Fact]
    public async Task The_small_window_shows_the_other_person_and_works_the_call()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        var small = await alice.Context.RunAndWaitForPageAsync(() =>
            alice.Page.GetByRole(AriaRole.Button, new() { Name = "Small window on top" }).ClickAsync());

        await Wait.UntilAsync(
            () => small.EvaluateAsync<int>("() => Math.max(...[...document.querySelectorAll('video')].map(video => video.getVideoPlaybackQuality().totalVideoFrames))"),
            frames => frames > 10,
            "pictures move in the small window");
        await small.GetByRole(AriaRole.Button, new() { Name = "Mute microphone" }).ClickAsync();
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");
        await bob.Call.ReadsAsync("Microphone off");

        await small.GetByRole(AriaRole.Button, new() { Name = "Hang up" }).ClickAsync();
        await Task.WhenAll(alice.Call.ReachesAsync("ended"), bob.Call.ReachesAsync("ended"));
        await Wait.UntilAsync(() => Task.FromResult(small.IsClosed), closed => closed, "the small window closes with the call");
    }

    [Fact]
    public async Task Another_microphone_can_be_taken_in_the_middle_of_the_call()
    {
        var (alice, bob) = await InCallAsync();
        await bob.HearsSoundAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        var list = alice.Page.GetByRole(AriaRole.Dialog, new() { Name = "More" }).GetByLabel("Microphone");
        var second = await list.Locator("option").Nth(1).GetAttributeAsync("value");

        await list.SelectOptionAsync(second!);

        await bob.HearsSoundAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await Assertions.Expect(list).ToHaveValueAsync(second!);
    }

    [Fact]
    public async Task Talking_while_muted_is_noticed_and_one_press_ends_it()
    {
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        var voice = Path.Combine(Path.GetTempPath(), $"voice-{Guid.NewGuid():N}.wav");
        await File.WriteAllBytesAsync(voice, Tone(), TestContext.Current.CancellationToken);
        var alice = await ArriveAsync(new ChromiumOptions { Switches = [$"--use-file-for-fake-audio-capture={voice}"] }, "alice");
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReachesAsync("connected");

        await alice.Call.Mute.ClickAsync();
        await alice.Call.ReadsAsync("You are muted. Nobody hears you.");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Unmute" }).ClickAsync();

        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(alice.Page.GetByText("You are muted")).ToHaveCountAsync(0);
        await bob.HearsSoundAsync();
        File.Delete(voice);
    }

    [Fact]
    public async Task Where_the_browser_holds_back_sound_one_tap_brings_it()
    {
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        // Without devices: a page that uses a microphone may always play sound.
        var alice = await ArriveAsync(new ChromiumOptions { FakeDevices = false }, "alice");
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.AskForDevicesAsync();
        await alice.Call.ReadsAsync("No camera and no microphone found");
        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("connected");

        // Back from another site she is in the call again, and has not touched this page.
        await alice.GoElsewhereAsync();
        await bob.Call.ReachesAsync("waiting");
        await alice.Page.GotoAsync(Address($"/r/{Room}"));
        await bob.Call.ReachesAsync("connected");
        // Whatever asks her page counts as a touch of it, so it is left alone until its sound has long begun.
        await bob.ReportWhenAsync(report => report.FramesSent > 30, "pictures go to alice");
        var tap = alice.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Tap to hear") });
        await tap.ClickAsync();

        await Assertions.Expect(tap).ToHaveCountAsync(0);
        Assert.False(await alice.Page.EvaluateAsync<bool>("() => document.querySelector('audio').muted || document.querySelector('audio').paused"));
    }

    private static async Task IsLargeAsync(ILocator picture, bool large = true) =>
        await Wait.UntilAsync(async () => await picture.BoundingBoxAsync(), box => box is not null && box.Width > 600 == large, $"the picture is {(large ? "large" : "small")}");

    private static async Task IsAtAsync(ILocator self, bool left, bool top) =>
        await Wait.UntilAsync(
            async () => (await self.BoundingBoxAsync())!,
            box => box.X < 200 == left && box.Y < 200 == top,
            $"one's own picture is {(top ? "top" : "bottom")} {(left ? "left" : "right")}");

    /// <summary>Ten seconds of a loud tone: 16 bits, one channel.</summary>
    private static byte[] Tone()
    {
        const int Rate = 48_000, Samples = 10 * Rate;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * Samples));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(2 * Rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * Samples);
        for (var i = 0; i < Samples; i++)
        {
            // Two tones that beat, as a steady one would be taken for noise and removed.
            writer.Write((short)(12_000 * Math.Sin(i * 0.03) * (0.6 + (0.4 * Math.Sin(i * 0.0011)))));
        }

        return bytes.ToArray();
    }
}
