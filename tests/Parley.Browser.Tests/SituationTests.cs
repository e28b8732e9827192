using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Browser.Tests.Screens;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Each situation that a call may be in is to be seen, with a way on from there.</summary>
public sealed class SituationTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task A_call_that_moved_to_another_tab_says_so_and_can_be_had_back()
    {
        var (alice, bob) = await InCallAsync();
        var second = await alice.Context.NewPageAsync();
        await second.GotoAsync(alice.Page.Url);
        await second.GetByRole(AriaRole.Heading, new() { Name = "You are in this call already" }).WaitForAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Use it here" }).ClickAsync();

        await alice.Call.ReadsAsync("This call moved");
        await Assertions.Expect(second.GetByRole(AriaRole.Button, new() { Name = "Hang up" })).ToBeVisibleAsync();
        await Wait.UntilAsync(alice.LiveDevicesAsync, live => live == 0, "camera and microphone are released where the call left");
        await bob.SeesMovingPictureAsync();

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Use it here" }).ClickAsync();
        await second.GetByRole(AriaRole.Heading, new() { Name = "This call moved" }).WaitForAsync();
        await ConnectAsync(alice, bob);
        await alice.SeesMovingPictureAsync();
    }

    [Fact]
    public async Task While_the_server_is_gone_the_call_goes_on_and_a_small_sign_tells_of_it()
    {
        await using var server = await ServerProcess.StartAsync();
        // Not of those who must be without a fault: a browser writes every address that does not answer on its console.
        await using var alice = await Person.ArriveAsync(Stage.Browsers[0], "alice");
        await using var bob = await Person.ArriveAsync(Stage.Browsers[1], "bob");
        await alice.Call.EnterAsync(server.Address, Room);
        await bob.Call.EnterAsync(server.Address, Room);
        await ConnectAsync(alice, bob);
        // The server is the relay as well, and a call begins there.
        await GoDirectlyAsync(alice, bob);
        await Assertions.Expect(alice.Page.GetByText("Server out of reach")).ToHaveCountAsync(0);

        await server.KillAsync();

        await alice.Call.ReadsAsync("Server out of reach");
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.HearsSoundAsync());
        Assert.Equal("connected", await alice.Call.StateAsync());
        await alice.Call.HangUp.ClickAsync();
        await bob.Call.ReachesAsync("ended");
    }

    [Fact]
    public async Task Whoever_hides_the_address_talks_through_the_relay()
    {
        await using var server = await ServerProcess.StartAsync("--Parley:Turn:AllowPrivatePeers=true");
        await using var alice = await Person.ArriveAsync(Stage.Browsers[0], "alice");
        await using var bob = await Person.ArriveAsync(Stage.Browsers[1], "bob");
        await alice.Call.OpenAsync(server.Address, Room);
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Switch, new() { NameRegex = new Regex("^Hide my address") }).CheckAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Call.ReadsAsync("Your address stays hidden.");
        await alice.Call.Join.ClickAsync();
        await bob.Call.EnterAsync(server.Address, Room);

        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
        Assert.Equal(("relayed", "relayed"), (await alice.Call.PathAsync(), await bob.Call.PathAsync()));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_and_asked_again()
    {
        await using var alice = await Person.ArriveAsync(Stage.Browsers[0], "alice");
        await alice.Page.Clock.InstallAsync();
        await alice.Page.RouteWebSocketAsync(new Regex("/socket.io/"), socket => socket.OnMessage(_ => { }));
        await alice.Page.RouteAsync("**/socket.io/**", route => route.AbortAsync());
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Page.Clock.FastForwardAsync(16_000);

        await alice.Call.ReadsAsync("The server does not answer");
        await Assertions.Expect(alice.Page.GetByRole(AriaRole.Button, new() { Name = "Try now" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_problem_has_words_of_its_own_and_a_way_on()
    {
        await using var context = await Stage.Browsers[0].Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        Dictionary<string, string> told = [];
        foreach (var screen in (await Gallery.OpenAsync(page)).Where(screen => screen.StartsWith("error-", StringComparison.Ordinal)))
        {
            await Gallery.ShowAsync(page, screen);
            var words = string.Join('\n', await page.GetByRole(AriaRole.Main).Locator("h1, p").AllInnerTextsAsync());
            Assert.True(told.TryAdd(words, screen), $"{screen} reads as {told.GetValueOrDefault(words)} does: {words}");
            Assert.True(await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync() > 0, $"{screen} leads nowhere.");
        }

        Assert.Contains(told.Keys, words => words.Contains("this server has no relay", StringComparison.Ordinal));
        Assert.Contains(told.Keys, words => words.Contains("the relay refused", StringComparison.Ordinal));
        Assert.Contains(told.Keys, words => words.Contains("the relay does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_call_the_screen_stays_on_the_tab_names_the_other_and_the_picture_can_fill_the_screen()
    {
        const string WakeLocks = """
            window.locks = [];
            const { request } = WakeLock.prototype;
            WakeLock.prototype.request = async function (type) {
              const lock = await request.call(this, type);
              window.locks.push(lock);
              return lock;
            };
            """;
        var bob = await InLobbyAsync("bob");
        await bob.Page.GetByLabel("Your name").FillAsync("Bob Ross");
        await bob.Page.GetByLabel("Your name").PressAsync("Tab");
        await bob.Call.Join.ClickAsync();
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(WakeLocks);
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReachesAsync("connected");

        await Wait.UntilAsync(() => HeldAsync(alice), held => held, "the screen stays on");
        await Assertions.Expect(alice.Page).ToHaveTitleAsync("Bob Ross · Parley");
        await alice.Page.Keyboard.PressAsync("f");
        await Wait.UntilAsync(() => alice.Page.EvaluateAsync<bool>("() => document.fullscreenElement !== null"), full => full, "full screen");
        await alice.Page.Keyboard.PressAsync("f");
        await Wait.UntilAsync(() => alice.Page.EvaluateAsync<bool>("() => document.fullscreenElement === null"), left => left, "no full screen any more");

        await alice.Call.HangUp.ClickAsync();
        await alice.Call.ReachesAsync("ended");
        await Wait.UntilAsync(() => HeldAsync(alice), held => !held, "the screen may go off");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Back to this call" }).ClickAsync();
        await alice.Call.ReachesAsync("waiting");
        await Assertions.Expect(alice.Page).ToHaveTitleAsync("Waiting · Parley");
    }

    private static Task<bool> HeldAsync(Person person) => person.Page.EvaluateAsync<bool>("() => window.locks.some(lock => !lock.released)");
}
