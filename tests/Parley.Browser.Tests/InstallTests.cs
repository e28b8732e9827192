using System.Text.Json;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>The page as something to install, and as something that keeps to itself.</summary>
public sealed class InstallTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task The_browser_finds_nothing_that_keeps_the_page_from_being_installed()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.GotoAsync(Address("/"));
        await alice.HasServiceWorkerAsync();
        var session = await alice.Context.NewCDPSessionAsync(alice.Page);

        var manifest = (await session.SendAsync("Page.getAppManifest"))!.Value;
        Assert.Equal(0, manifest.GetProperty("errors").GetArrayLength());
        Assert.Equal(Address("/parley.webmanifest"), manifest.GetProperty("url").GetString());

        var errors = (await session.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors");
        // A test's window keeps nothing, and that alone is in the way.
        Assert.All(errors.EnumerateArray(), error => Assert.Equal("in-incognito", error.GetProperty("errorId").GetString()));

        using var manifestFile = JsonDocument.Parse(manifest.GetProperty("data").GetString()!);
        foreach (var icon in manifestFile.RootElement.GetProperty("icons").EnumerateArray())
        {
            var drawn = await alice.Page.EvaluateAsync<int>(
                "async source => { const image = new Image(); image.src = source; await image.decode(); return image.naturalWidth; }",
                icon.GetProperty("src").GetString());
            var said = icon.GetProperty("sizes").GetString()!;
            Assert.True(drawn > 0 && (said == "any" || said == $"{drawn}x{drawn}"), $"{icon} is {drawn} wide");
        }
    }

    [Fact]
    public async Task A_call_leaves_no_cookie_and_breaks_no_rule_of_the_content_security_policy()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("window.breaches = []; addEventListener('securitypolicyviolation', event => window.breaches.push(event.blockedURI));");
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await Task.WhenAll(alice.SeesMovingPictureAsync(), alice.HearsSoundAsync());
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Connection details" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Call.Chat.ClickAsync();
        await alice.Call.HangUp.ClickAsync();
        await alice.Call.ReachesAsync("ended");

        Assert.Empty(await alice.Context.CookiesAsync());
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>("() => window.breaches"));
        Assert.Equal("", await alice.Page.EvaluateAsync<string>("() => document.cookie"));
    }

    [Fact]
    public async Task Without_a_network_the_page_of_a_room_opens_too_and_says_what_is_missing()
    {
        await using var alice = await Person.ArriveAsync(Stage.Browsers[0], "alice");
        await alice.Page.GotoAsync(Address("/"));
        await alice.HasServiceWorkerAsync();
        await alice.Context.SetOfflineAsync(true);
        await alice.Page.GotoAsync(Address($"/r/{Room}"));
        await alice.Call.Join.WaitForAsync();
        await alice.AskForDevicesAsync();
        await Assertions.Expect(alice.Page.GetByLabel("Your picture, as in a mirror")).ToBeVisibleAsync();
    }
}
