using System.Globalization;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>By itself, because it counts what is left in the whole process.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
public sealed class SoakDefinition;

/// <summary>Thousands of allocations, made, used and abandoned in every way: at the end nothing is left.</summary>
[Collection(nameof(SoakTests))]
public sealed class SoakTests
{
    private const int Waves = 12;
    private const int ClientsPerWave = 150;
    private const int RelayPortMin = 14000;
    private static readonly string[] SocketTables = ["/proc/self/net/udp", "/proc/self/net/udp6"];
    private const int RelayPortMax = 19000;

    /// <summary>Every way that a client may leave.</summary>
    private enum Leaving
    {
        ByRefresh,
        ByHangUp,
        BySilence,
        ByClosingTcp,
        ByClosingTls,
        ByResettingTcp,
        WithAReservedPort,
        InTheMiddleOfARequest,
    }

    [Fact]
    public async Task Nothing_is_left_of_allocations_that_were_abandoned_in_every_way()
    {
        const int Middle = (RelayPortMin + RelayPortMax) / 2;
        await Task.WhenAll(SoakAsync(EngineKind.Default, RelayPortMin, Middle), SoakAsync(EngineKind.Portable, Middle + 1, RelayPortMax));
        Assert.Empty(RelaySocketsOfThisMachine());
    }

    private static async Task SoakAsync(EngineKind engine, int portMin, int portMax)
    {
        await using var host = await TurnHost.StartAsync(
            engine,
            ("Threads", "2"),
            ("RelayPortMin", $"{portMin}"),
            ("RelayPortMax", $"{portMax}"),
            ("AllocationLifetime", "00:00:02"),
            ("StreamIdleTimeout", "00:00:02"),
            ("MaxAllocationsPerUser", "10000"),
            ("MaxAllocationsPerClientAddress", "10000"));
        using var peer = new Peer();
        for (var wave = 0; wave < Waves; wave++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(wave * ClientsPerWave, ClientsPerWave),
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (number, _) => await LiveAsync(host, peer, number));
        }

        var server = host.Server;
        Assert.True(server.Engines.Sum(running => running.Shard.Counters.AllocationsCreated) >= Waves * ClientsPerWave);
        await Eventually.TrueAsync(
            () => server.Snapshot is { BoundPorts: 0, Sockets: 0, Streams: 0, Faults: 0 } snapshot
                && snapshot.Inventory with { Revocations = 0 } == default
                && server.Streams.Count == 0,
            () => $"{engine}: {server.Snapshot}, {server.Streams.Count} streams",
            TimeSpan.FromSeconds(90)); // a reserved port is kept for half a minute
    }

    private static async Task LiveAsync(TurnHost host, Peer peer, int number)
    {
        var leaving = (Leaving)(number % Enum.GetValues<Leaving>().Length);
        var user = string.Create(CultureInfo.InvariantCulture, $"call:{number}");
        var expiry = DateTimeOffset.UtcNow.AddMinutes(5);
        var credential = TimeLimitedCredential.Mint(TurnHost.Secret, user, expiry);
        await using var client = await AllocateAsync(host, leaving, credential, reserveNext: number % 16 < 8);
        await client.BindAsync(0x4001, peer.Address);
        for (var i = 0; i < number % 100; i++)
        {
            await client.SendAsync(0x4001, [1, 2, 3]);
        }

        switch (leaving)
        {
            case Leaving.ByRefresh:
                Assert.Equal(StunErrorCode.None, await client.RefreshAsync(0));
                break;
            case Leaving.ByHangUp:
                await host.Server.RevokeAsync(user, expiry);
                break;
            case Leaving.ByResettingTcp:
                ((System.Net.Sockets.NetworkStream)((StreamTransport)client.Transport).Stream).Socket.LingerState = new(true, 0);
                break;
            case Leaving.InTheMiddleOfARequest:
                await client.Transport.SendAsync(new byte[20]);
                break;
        }
    }

    private static async Task<TestClient> AllocateAsync(TurnHost host, Leaving leaving, TimeLimitedCredential credential, bool reserveNext)
    {
        while (true)
        {
            var client = leaving switch
            {
                Leaving.ByClosingTcp or Leaving.ByResettingTcp => await TestClient.TcpAsync(host),
                Leaving.ByClosingTls => await TestClient.TlsAsync(host),
                _ => TestClient.Udp(host),
            };
            (client.UserName, client.Password) = (credential.Username, credential.Password);
            var error = await client.RequestAsync(StunMethod.Allocate, (ref StunWriter writer) =>
            {
                writer.AddRequestedTransport(17);
                if (leaving == Leaving.WithAReservedPort)
                {
                    writer.AddEvenPort(reserveNext);
                }
            });
            if (error == StunErrorCode.None)
            {
                return client;
            }

            // The system gave this socket the port of one that fell silent, and whose allocation still lives.
            Assert.Equal(StunErrorCode.AllocationMismatch, error);
            await client.DisposeAsync();
        }
    }

    /// <summary>Ports of the relay range that anything on this machine has bound.</summary>
    private static List<string> RelaySocketsOfThisMachine() =>
    [
        .. SocketTables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
            .Where(local => local.Contains(':', StringComparison.Ordinal)
                && int.TryParse(local[(local.IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port)
                && port is >= RelayPortMin and <= RelayPortMax),
    ];
}
