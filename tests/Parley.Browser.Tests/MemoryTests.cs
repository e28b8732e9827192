using Microsoft.Playwright;

namespace Parley.Browser.Tests;

/// <summary>What the page keeps in this browser, and the languages it speaks.</summary>
public sealed class MemoryTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task The_name_is_shown_to_the_other_and_choices_are_there_the_next_time()
    {
        var alice = await InLobbyAsync("alice");
        await alice.Page.GetByLabel("Your name").FillAsync("Anna Lindqvist");
        await alice.AskForDevicesAsync();
        await alice.Call.CameraOff.ClickAsync();
        await alice.Call.Join.ClickAsync();
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await bob.Call.ReadsAsync("Anna Lindqvist’s camera is off");

        await alice.Call.HangUp.ClickAsync();
        await bob.Call.ReadsAsync("Anna Lindqvist ended the call");
        await alice.Call.OpenAsync(Stage.Server.Address, Room + "-next");
        await Assertions.Expect(alice.Page.GetByLabel("Your name")).ToHaveValueAsync("Anna Lindqvist");
        await alice.AskForDevicesAsync();
        await Assertions.Expect(alice.Call.CameraOff).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(alice.Call.Mute).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task Recent_calls_are_listed_on_the_start_page_until_they_are_forgotten()
    {
        var (alice, _) = await InCallAsync();
        await alice.Call.HangUp.ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Start page" }).ClickAsync();
        var recent = alice.Page.GetByRole(AriaRole.Link, new() { Name = Room });
        await recent.ClickAsync();
        await alice.Call.Join.WaitForAsync();
        Assert.Equal(Address($"/r/{Room}"), alice.Page.Url);

        await alice.Page.GotoAsync(Address("/"));
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = $"Forget {Room}" }).ClickAsync();
        await Assertions.Expect(recent).ToHaveCountAsync(0);
        await alice.Page.ReloadAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "New call" }).WaitForAsync();
        await Assertions.Expect(recent).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_Chinese_browser_gets_a_Chinese_page_and_may_choose_English()
    {
        var alice = await ArriveAsync("alice", new() { Locale = "zh-CN" });
        await alice.Page.GotoAsync(Address("/"));
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "新建通话" }).WaitForAsync();
        await Assertions.Expect(alice.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "New call" }).ClickAsync();
        await alice.Call.Join.WaitForAsync();
    }

    [Fact]
    public async Task No_cookie_is_set_and_an_installed_page_opens_without_a_network()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.GotoAsync(Address("/"));
        await alice.HasServiceWorkerAsync();
        Assert.Empty(await alice.Context.CookiesAsync());

        await alice.Context.SetOfflineAsync(true);
        await alice.Page.ReloadAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "New call" }).WaitForAsync();
    }
}
