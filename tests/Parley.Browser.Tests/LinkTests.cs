using Microsoft.Playwright;

namespace Parley.Browser.Tests;

/// <summary>Ways to take the link along.</summary>
public sealed class LinkTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task The_link_is_copied_and_shown_as_a_code_to_scan()
    {
        var alice = await ArriveAsync("alice", new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Copied" }).WaitForAsync();
        Assert.Equal(alice.Page.Url, await alice.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        var show = alice.Page.GetByRole(AriaRole.Button, new() { Name = "Show QR code" });
        await show.ClickAsync();
        var code = alice.Page.GetByRole(AriaRole.Img, new() { Name = "QR code of the link to this call" });
        await Assertions.Expect(code).ToBeVisibleAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(code).ToHaveCountAsync(0);
        await Assertions.Expect(show).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Where_the_device_can_share_the_link_goes_to_its_own_sheet()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("Object.defineProperty(navigator, 'share', { value: async (what) => { window.shared = what; } });");
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Share link" }).ClickAsync();
        Assert.Equal(alice.Page.Url, await alice.Page.EvaluateAsync<string>("() => window.shared.url"));
    }

    [Fact]
    public async Task Where_the_clipboard_is_closed_the_link_is_marked_to_be_copied_by_hand()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined });");
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();

        await alice.Call.ReadsAsync("Select the link and copy it by hand");
        Assert.EndsWith($"/r/{Room}", await alice.Page.EvaluateAsync<string>("() => String(getSelection())"), StringComparison.Ordinal);
    }
}
