using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>The call itself, between two browsers, through the server program as people start it.</summary>
public sealed class CallTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task From_the_start_page_to_a_call_with_moving_picture_and_sound_in_both_directions()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.GotoAsync(Address("/"));
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "New call" }).ClickAsync();
        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("waiting");
        var link = alice.Page.Url;

        var bob = await ArriveAsync("bob");
        await bob.Page.GotoAsync(link);
        await bob.Call.Join.ClickAsync();

        await ConnectAsync(alice, bob);
        await MediaProof.SeeAndHearEachOtherAsync(alice, bob);
        await GoDirectlyAsync(alice, bob);
    }

    [Fact]
    public async Task Two_who_were_both_in_the_lobby_meet_whoever_joins_first()
    {
        var alice = await InLobbyAsync("alice");
        var bob = await InLobbyAsync("bob");

        await bob.Call.Join.ClickAsync();
        await alice.Call.Join.ClickAsync();

        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
    }

    [Fact]
    public async Task The_picture_is_640_by_480_by_default()
    {
        var (alice, _) = await InCallAsync();
        await alice.ReportWhenAsync(report => report is { FrameWidth: 640, FrameHeight: 480 }, "640 × 480", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Chat_goes_both_ways()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();

        await alice.Call.SayAsync("Hello, Bob <b>&amp;</b> 🎈");
        await Assertions.Expect(bob.Call.Messages).ToContainTextAsync("Hello, Bob <b>&amp;</b> 🎈");
        await bob.Call.SayAsync("Hello, Alice");
        await Assertions.Expect(alice.Call.Messages).ToContainTextAsync("Hello, Alice");
        await Assertions.Expect(alice.Call.Messages).ToContainTextAsync("Hello, Bob");
    }

    [Fact]
    public async Task The_third_is_told_that_two_are_here_and_the_two_talk_on()
    {
        var (alice, bob) = await InCallAsync();

        var carol = await ArriveAsync("carol");
        await carol.Page.GotoAsync(Address($"/r/{Room}"));
        await JoinIfAskedAsync(carol);

        await carol.Call.ReachesAsync("error");
        await carol.Call.ReadsAsync("Two people are already here");
        Assert.Equal(("connected", "connected"), (await alice.Call.StateAsync(), await bob.Call.StateAsync()));
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
    }

    [Fact]
    public async Task Hanging_up_ends_the_call_for_both_and_releases_camera_and_microphone()
    {
        var (alice, bob) = await InCallAsync();

        await alice.Call.HangUp.ClickAsync();

        await Task.WhenAll(alice.Call.ReachesAsync("ended"), bob.Call.ReachesAsync("ended"));
        foreach (var person in (Person[])[alice, bob])
        {
            Assert.Null(await person.Call.PathAsync());
            await Wait.UntilAsync(person.ReportAsync, report => report is null, $"{person.Name}: the peer connection is closed");
            await Wait.UntilAsync(person.LiveDevicesAsync, live => live == 0, $"{person.Name}: camera and microphone are released");
        }
    }

    [Fact]
    public async Task After_hanging_up_the_same_two_can_call_again_in_the_same_room()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.HangUp.ClickAsync();
        await Task.WhenAll(alice.Call.ReachesAsync("ended"), bob.Call.ReachesAsync("ended"));

        foreach (var person in (Person[])[alice, bob])
        {
            await person.Page.ReloadAsync();
            await person.Call.Join.ClickAsync();
        }

        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
    }

    [Fact]
    public async Task Closing_the_tab_is_noticed_by_the_other()
    {
        var (alice, bob) = await InCallAsync();

        await alice.Page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });

        await bob.Call.ReachesAsync("waiting", "reconnecting");
        Assert.Null(await bob.Call.PathAsync());
    }

    [Fact]
    public async Task A_muted_microphone_is_shown_to_the_other_and_sends_silence()
    {
        var (alice, bob) = await InCallAsync();
        await bob.HearsSoundAsync();

        await alice.Call.Mute.ClickAsync();

        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");
        await bob.Call.ReadsAsync("Microphone off");
        await bob.HearsSilenceAsync();

        await alice.Call.Mute.ClickAsync();
        await Assertions.Expect(bob.Page.GetByText("Microphone off")).ToHaveCountAsync(0);
        await bob.HearsSoundAsync();
    }

    [Fact]
    public async Task A_camera_that_is_turned_off_is_shown_to_the_other_and_comes_back()
    {
        var (alice, bob) = await InCallAsync();
        await bob.SeesMovingPictureAsync();

        await alice.Call.CameraOff.ClickAsync();

        await Assertions.Expect(alice.Call.CameraOff).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(bob.Page.GetByText(new Regex("camera is off"))).ToBeVisibleAsync();
        await alice.Call.CameraOff.ClickAsync();
        await Assertions.Expect(bob.Page.GetByText(new Regex("camera is off"))).ToHaveCountAsync(0);
        await bob.SeesMovingPictureAsync();
    }

    // A full room may be told in the lobby already, or when joining.
    private static async Task JoinIfAskedAsync(Person person)
    {
        await Wait.UntilAsync(
            async () => await person.Call.StateAsync() == "error" || await person.Call.Join.IsVisibleAsync(),
            ready => ready,
            $"{person.Name}: the lobby, or an error");
        if (await person.Call.StateAsync() != "error")
        {
            await person.Call.Join.ClickAsync();
        }
    }
}
