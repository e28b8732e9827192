using System.Text.Json;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>What happens between two browsers while their people are still in the lobby, and what does not.</summary>
public sealed class PreparedJoiningTests(Stage stage) : CallTest(stage)
{
    // What the page says over data channels goes past the server's log, so it is written down where it is sent.
    private const string RecordChannels = """
        window.sentOnChannels = [];
        const { send } = RTCDataChannel.prototype;
        RTCDataChannel.prototype.send = function (data) {
          if (typeof data === 'string') window.sentOnChannels.push(`${this.label} ${data}`);
          return send.call(this, data);
        };
        """;

    private ServerProcess? _withoutRelay;

    [Fact]
    public async Task Before_both_have_joined_no_address_and_no_media_leave_and_afterwards_the_call_goes_directly()
    {
        var (alice, bob) = (await RecordedAsync("alice"), await RecordedAsync("bob"));
        Person[] both = [alice, bob];
        await Task.WhenAll(both.Select(IsWarmAsync));
        await Task.WhenAll(both.Select(IsPrivateAsync));

        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("waiting");
        await bob.Call.ReadsAsync("Somebody is here.");
        await Task.WhenAll(both.Select(IsPrivateAsync));
        var connections = await Task.WhenAll(both.Select(ConnectionsAsync));

        await bob.Call.Join.ClickAsync();
        await Task.WhenAll(both.Select(person => person.Call.ReachesAsync("connected")));
        await MediaProof.SeeAndHearEachOtherAsync(alice, bob);
        foreach (var person in both)
        {
            await GoDirectlyAsync(person);
            Assert.DoesNotContain(await StatesAsync(person), state => state is "disconnected" or "failed");
        }

        // The connection of the lobby is the one of the call.
        Assert.Equal(connections, await Task.WhenAll(both.Select(ConnectionsAsync)));
        Assert.Contains(both.SelectMany(person => person.Frames), frame => frame.Contains("typ host", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_who_is_alone_in_the_lobby_keeps_no_connection_and_so_no_relay_busy()
    {
        var alice = await InLobbyAsync("alice");
        await Wait.UntilAsync(() => Task.FromResult(alice.Frames), log => log.Any(frame => frame.Contains("\"stage\":\"lobby\"", StringComparison.Ordinal)), "alice has a seat in the lobby");
        var bob = await InLobbyAsync("bob");
        await Task.WhenAll(IsWarmAsync(alice), IsWarmAsync(bob));

        await bob.Page.CloseAsync();

        await Wait.UntilAsync(alice.ReportAsync, report => report is null, "alice's peer connection is closed");
        Assert.Equal("lobby", await alice.Call.StateAsync());
    }

    [Fact]
    public async Task Whoever_reloads_the_page_in_the_lobby_is_met_again()
    {
        var (alice, bob) = (await InLobbyAsync("alice"), await InLobbyAsync("bob"));
        await Task.WhenAll(IsWarmAsync(alice), IsWarmAsync(bob));

        await bob.Page.ReloadAsync();

        await IsWarmAsync(bob);
        await alice.Call.Join.ClickAsync();
        await bob.Call.Join.ClickAsync();
        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
    }

    [Fact]
    public async Task Both_may_click_at_the_same_moment()
    {
        var (alice, bob) = (await InLobbyAsync("alice"), await InLobbyAsync("bob"));
        await Task.WhenAll(IsWarmAsync(alice), IsWarmAsync(bob));

        await Task.WhenAll(alice.Call.Join.ClickAsync(), bob.Call.Join.ClickAsync());

        await MediaProof.SeeAndHearEachOtherAsync(alice, bob);
    }

    [Fact]
    public async Task Without_a_relay_nothing_is_made_before_both_have_joined_and_the_call_is_the_ordinary_one()
    {
        _withoutRelay = await ServerProcess.StartAsync("--Parley:Turn:Enabled=false");
        Server = _withoutRelay.Address;
        var (alice, bob) = (await InLobbyAsync("alice"), await InLobbyAsync("bob"));
        await Task.WhenAll(HasSeatInLobbyAsync(alice), HasSeatInLobbyAsync(bob));

        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("waiting");
        Assert.Null(await bob.ReportAsync());
        await bob.Call.Join.ClickAsync();

        await Task.WhenAll(alice.SeesMovingPictureAsync(), bob.SeesMovingPictureAsync());
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_withoutRelay is not null)
        {
            await _withoutRelay.DisposeAsync();
        }
    }

    private async Task<Person> RecordedAsync(string name)
    {
        var person = await ArriveAsync(name);
        await person.Page.AddInitScriptAsync(RecordChannels);
        await person.Call.OpenAsync(Server, Room);
        return person;
    }

    private static async Task HasSeatInLobbyAsync(Person person) => await Wait.UntilAsync(
        () => Task.FromResult(person.Frames),
        log => log.Any(frame => frame.Contains("\"ok\":true", StringComparison.Ordinal)),
        $"{person.Name} has a seat");

    /// <summary>Connected through the relay, with the control channel open.</summary>
    private static async Task IsWarmAsync(Person person) => await person.ReportWhenAsync(
        report => report is { ConnectionState: "connected", Pair: { Local: "relay", Remote: "relay" } },
        "connected through the relay while in the lobby");

    private static async Task IsPrivateAsync(Person person)
    {
        var said = person.Frames.Concat(await person.Page.EvaluateAsync<string[]>("() => window.sentOnChannels")).ToList();
        Assert.DoesNotContain(said, text => text.Contains("typ host", StringComparison.Ordinal) || text.Contains("typ srflx", StringComparison.Ordinal) || text.Contains("typ prflx", StringComparison.Ordinal));
        Assert.Contains(said, text => text.Contains("typ relay", StringComparison.Ordinal) && text.Contains("raddr 0.0.0.0 rport 0", StringComparison.Ordinal));

        var stats = await person.Page.EvaluateAsync<JsonElement>("""
            async () => {
              // The forecast's, which looks at all addresses and is told to nobody, has no other side.
              const met = window.parleyProbe.connections.filter((c) => c.remoteDescription);
              const rows = (await Promise.all(met.map((c) => c.getStats()))).flatMap((stats) => [...stats.values()]);
              return {
                candidates: rows.filter((row) => row.type === 'local-candidate').map((row) => row.candidateType),
                packets: rows.filter((row) => row.type === 'outbound-rtp' || row.type === 'inbound-rtp')
                  .reduce((sum, row) => sum + (row.packetsSent ?? row.packetsReceived ?? 0), 0),
              };
            }
            """);
        Assert.All(stats.GetProperty("candidates").EnumerateArray(), type => Assert.Equal("relay", type.GetString()));
        Assert.Equal(0, stats.GetProperty("packets").GetInt64());
    }

    private static Task<int> ConnectionsAsync(Person person) => person.Page.EvaluateAsync<int>("() => window.parleyProbe.connections.length");

    private static Task<string[]> StatesAsync(Person person) => person.Page.EvaluateAsync<string[]>("() => window.parleyProbe.connections.map((c) => c.connectionState)");
}
