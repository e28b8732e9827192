using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>What somebody hears of a call who does not see the page.</summary>
public sealed class AnnouncementTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task Everything_that_happens_in_a_call_is_said()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("""
            window.said = [];
            document.addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
              for (const region of document.querySelectorAll('[aria-live="polite"].announcer')) {
                const words = region.textContent.trim();
                if (words && window.said.at(-1) !== words) window.said.push(words);
              }
            }).observe(document.body, { childList: true, subtree: true, characterData: true }));
            """);
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await SaysAsync(alice, "You are the first one here. Send the link to one other person. The call starts when they come.");

        var bob = await InLobbyAsync("bob");
        await bob.Page.GetByLabel("Your name").FillAsync("Bob");
        await bob.Call.Join.ClickAsync();
        await SaysAsync(alice, "Connected with Bob.");
        await bob.Call.Mute.ClickAsync();
        await SaysAsync(alice, "Bob is muted");
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Share screen", Exact = true }).ClickAsync();
        await SaysAsync(alice, "Bob shares the screen");
        await bob.Call.Chat.ClickAsync();
        await bob.Call.SayAsync("Hello");
        await SaysAsync(alice, "Bob writes: Hello");
        await bob.Call.HangUp.ClickAsync();
        await SaysAsync(alice, "Bob ended the call");
    }

    private static Task<string[]> SaysAsync(Person person, string words) =>
        Wait.UntilAsync(() => person.Page.EvaluateAsync<string[]>("() => window.said"), said => said.Contains(words), $"\"{words}\" is said");
}
