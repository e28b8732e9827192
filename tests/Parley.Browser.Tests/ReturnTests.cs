using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A tab that comes back is where it was; one that is there twice says so.</summary>
public sealed partial class ReturnTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task A_refreshed_tab_is_on_the_same_seat_with_the_same_switches_and_the_other_is_not_hung_up()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Mute.ClickAsync();
        await bob.Call.ReadsAsync("Microphone off");

        await alice.Page.ReloadAsync();

        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync(), alice.HearsSoundAsync());
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(alice.Call.CameraOff).ToHaveAttributeAsync("aria-pressed", "false");
        await bob.Call.ReadsAsync("Microphone off");
        await bob.HearsSilenceAsync();
        string[] seats = [.. alice.Frames.SelectMany(frame => Self().Matches(frame)).Select(match => match.Value)];
        Assert.True(seats.Length >= 2, "joined before and after the reload");
        Assert.Single(seats.Distinct());
    }

    [Fact]
    public async Task A_duplicate_of_the_tab_says_that_the_call_is_open_already_and_disturbs_nobody()
    {
        var (alice, bob) = await InCallAsync();

        // A window that a page opens gets a copy of the tab's memory, as a duplicated tab does.
        var duplicate = await alice.Context.RunAndWaitForPageAsync(() => alice.Page.EvaluateAsync("() => { window.open(location.href); }"));

        await duplicate.GetByRole(AriaRole.Heading, new() { Name = "You are in this call already" }).WaitForAsync();
        Assert.Equal(("connected", "connected"), (await alice.Call.StateAsync(), await bob.Call.StateAsync()));
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
    }

    // Who one is, in the answer to join: the participant and the seat.
    [GeneratedRegex("""(?<="self":)\{[^}]*\}""")]
    private static partial Regex Self();
}
