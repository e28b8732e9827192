using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Safety;

/// <summary>Who is at the other end: the safety code, the browser of last time, and a server that lies.</summary>
public sealed class SafetyTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task Both_see_the_same_code_and_it_stays_over_an_ICE_restart_and_a_reload()
    {
        var (alice, bob) = await InCallAsync();
        var code = await CodeAsync(alice);
        Assert.Matches("^\\w+.*\\d{4} \\d{4}$", code);
        Assert.Equal(code, await CodeAsync(bob));

        var generation = await GenerationAsync(alice);
        // Alice hears nothing of bob for a moment: neither his heart nor, by the statistics, anything else.
        await bob.Page.EvaluateAsync("""
            () => {
              const { send } = RTCDataChannel.prototype;
              RTCDataChannel.prototype.send = function (data) {
                if (this.label !== 'heartbeat' || window.beats) send.call(this, data);
              };
            }
            """);
        await alice.Page.EvaluateAsync("""
            () => {
              const { getStats } = RTCPeerConnection.prototype;
              RTCPeerConnection.prototype.getStats = function () {
                return window.counts ? getStats.call(this) : Promise.resolve(new Map());
              };
            }
            """);
        await Wait.UntilAsync(() => GenerationAsync(alice), now => now != generation, "alice: an ICE restart");
        await Task.WhenAll(bob.Page.EvaluateAsync("() => { window.beats = true; }"), alice.Page.EvaluateAsync("() => { window.counts = true; }"));
        await ConnectAsync(alice, bob);
        Assert.Equal((code, code), (await CodeAsync(alice), await CodeAsync(bob)));

        await bob.Page.ReloadAsync();
        await bob.Call.ReachesAsync("connected");
        await KnowsAsync(bob, "Same device as last time");
        Assert.Equal((code, code), (await CodeAsync(alice), await CodeAsync(bob)));
    }

    [Fact]
    public async Task Who_was_compared_is_known_in_the_next_call_and_another_browser_raises_an_alarm()
    {
        var (alice, bob) = await InCallAsync();
        await Chip(alice).ClickAsync();
        await Sheet(alice).GetByRole(AriaRole.Button, new() { Name = "They match" }).ClickAsync();
        await KnowsAsync(alice, "Compared");
        await alice.Call.HangUp.ClickAsync();
        await bob.Call.ReachesAsync("ended");

        await Task.WhenAll(alice.Call.EnterAsync(Stage.Server.Address, Room), bob.Call.EnterAsync(Stage.Server.Address, Room));
        await KnowsAsync(alice, "Compared");
        await KnowsAsync(bob, "Same device as last time");
        await bob.Call.HangUp.ClickAsync();
        await alice.Call.ReachesAsync("ended");

        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        var carol = await ArriveAsync("carol");
        await carol.Call.EnterAsync(Stage.Server.Address, Room);
        await Alarm(alice).WaitForAsync();
        await Alarm(alice).GetByRole(AriaRole.Button).ClickAsync();
        await Sheet(alice).GetByRole(AriaRole.Button, new() { Name = "They differ" }).ClickAsync();
        await Sheet(alice).GetByRole(AriaRole.Button, new() { Name = "Hang up" }).ClickAsync();
        await alice.Call.ReachesAsync("ended");
    }

    [Fact]
    public async Task Switched_off_in_the_settings_nothing_is_remembered()
    {
        var alice = await InLobbyAsync("alice");
        await alice.Page.EvaluateAsync("() => localStorage.setItem('parley.choices', JSON.stringify({ rememberContacts: false }))");
        await alice.Page.ReloadAsync();
        await alice.Call.Join.ClickAsync();
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await KnowsAsync(alice, "Not compared yet");
        await KnowsAsync(bob, "Not compared yet");
        Assert.Equal((0, 1), (await RememberedAsync(alice), await RememberedAsync(bob)));
    }

    [Fact]
    public async Task Chromium_and_Firefox_see_the_same_code_and_know_each_other_again()
    {
        await using var fiona = await Firefox.LaunchAsync("fiona");
        await fiona.GotoAsync(Address($"/r/{Room}"));
        var carl = await InLobbyAsync("carl");
        await carl.Call.Join.ClickAsync();
        await carl.Call.ReachesAsync("waiting");
        await fiona.ClickAsync("Join");
        var code = await CodeAsync(carl);
        Assert.Equal(code, await CodeAsync(fiona));

        await fiona.GotoAsync(Address($"/r/{Room}?again"));
        await Chip(carl).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await fiona.ReachesAsync("connected");
        Assert.Equal((code, code), (await CodeAsync(carl), await CodeAsync(fiona)));
    }

    [Fact]
    public async Task Somebody_in_between_who_keeps_to_the_rules_gives_the_two_different_codes()
    {
        var (alice, bob) = await InBetweenAsync("own");
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
        Assert.NotEqual(await CodeAsync(alice), await CodeAsync(bob));
    }

    [Theory]
    [InlineData("relay")]
    [InlineData("cheat")]
    public async Task Somebody_in_between_who_passes_the_messages_on_or_changes_a_nonce_is_caught(string mode)
    {
        var (alice, bob) = await InBetweenAsync(mode);
        foreach (var person in (Person[])[alice, bob])
        {
            await Alarm(person).WaitForAsync();
            await Assertions.Expect(Chip(person)).ToHaveCountAsync(0);
        }
    }

    /// <summary>Alice and Bob in the same room, as they think; the server lies to Bob, and somebody is in both rooms.</summary>
    private async Task<(Person Alice, Person Bob)> InBetweenAsync(string mode)
    {
        var alice = await InLobbyAsync("alice");
        var bob = await ArriveAsync("bob");
        await Mallory.LieToAsync(bob, Room, $"{Room}-b");
        await bob.Call.OpenAsync(Stage.Server.Address, Room);
        await Task.WhenAll(alice.Call.Join.ClickAsync(), bob.Call.Join.ClickAsync());
        await Task.WhenAll(alice.Call.ReachesAsync("waiting"), bob.Call.ReachesAsync("waiting"));

        var mallory = await ArriveAsync("mallory");
        await Mallory.OpenAsync(mallory, Stage.Server.Address, (Room, $"{Room}-b"), mode);
        await ConnectAsync(alice, bob);
        return (alice, bob);
    }

    private static ILocator Chip(Person person) => person.Page.Locator(".bar").GetByRole(AriaRole.Button, new() { Name = "Safety code" });

    private static ILocator Sheet(Person person) => person.Page.GetByRole(AriaRole.Dialog, new() { Name = "Safety code" });

    private static ILocator Alarm(Person person) => person.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Somebody may be listening" });

    /// <summary>Waits until the sheet says so of the device at the other end.</summary>
    private static async Task KnowsAsync(Person person, string verdict)
    {
        await Chip(person).ClickAsync();
        await Sheet(person).GetByRole(AriaRole.Status).Filter(new() { HasText = verdict }).WaitForAsync();
        await person.Page.Keyboard.PressAsync("Escape");
        await Sheet(person).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    /// <summary>Words and digits, as the sheet shows them; closes it again.</summary>
    private static async Task<string> CodeAsync(Person person)
    {
        await Chip(person).ClickAsync();
        var pictures = Sheet(person).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(pictures).ToHaveCountAsync(4);
        var words = await pictures.AllInnerTextsAsync();
        var digits = await Sheet(person).GetByText(new System.Text.RegularExpressions.Regex(@"^\d{4} \d{4}$")).InnerTextAsync();
        await person.Page.Keyboard.PressAsync("Escape");
        await Sheet(person).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        return string.Join(' ', [.. words.Select(word => word.Split('\n')[^1]), digits]);
    }

    private static async Task<string> CodeAsync(Firefox firefox)
    {
        const string Code = """
            (() => {
              const words = [...document.querySelectorAll('dialog .emoji li')].map(({ innerText }) => innerText.split('\n').at(-1));
              return [...words, document.querySelector('dialog .digits strong')?.innerText].join(' ');
            })()
            """;
        await Wait.UntilAsync(
            () => firefox.EvaluateAsync("document.querySelector('.shield') !== null"), shown => shown.GetBoolean(), $"{firefox.Name}: a safety code");
        await firefox.EvaluateAsync("document.querySelector('.shield').click()");
        var code = await Wait.UntilAsync(() => firefox.EvaluateAsync(Code), text => text.GetString()!.Any(char.IsAsciiDigit), $"{firefox.Name}: the code");
        await firefox.EvaluateAsync("document.querySelector('dialog').close()");
        return code.GetString()!;
    }

    private static Task<string> GenerationAsync(Person person) => person.Page.EvaluateAsync<string>(
        "() => /a=ice-ufrag:(\\S+)/.exec(parleyProbe.connections.findLast(c => c.connectionState !== 'closed').currentRemoteDescription.sdp)[1]");

    private static Task<int> RememberedAsync(Person person) => person.Page.EvaluateAsync<int>("""
        () => new Promise((resolve, reject) => {
          const opening = indexedDB.open('parley', 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore('contacts');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const counting = opening.result.transaction('contacts').objectStore('contacts').count();
            counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
          };
        })
        """);
}
