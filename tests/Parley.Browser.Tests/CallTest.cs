using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A test whose people use Parley's own page, in a room of the test's own.</summary>
public abstract class CallTest(Stage stage) : BrowserTest(stage)
{
    /// <summary>The room.</summary>
    protected string Room { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>Somebody who has opened the room's page and is in the lobby.</summary>
    protected async Task<Person> InLobbyAsync(string name, BrowserNewContextOptions? options = null)
    {
        var person = await ArriveAsync(name, options);
        await person.Call.OpenAsync(Server, Room);
        return person;
    }

    /// <summary>Two people in a running call.</summary>
    protected async Task<(Person Alice, Person Bob)> InCallAsync(BrowserNewContextOptions? alices = null, BrowserNewContextOptions? bobs = null)
    {
        var alice = await InLobbyAsync("alice", alices);
        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("waiting");
        var bob = await InLobbyAsync("bob", bobs);
        await bob.Call.Join.ClickAsync();
        await ConnectAsync(alice, bob);
        return (alice, bob);
    }
}
