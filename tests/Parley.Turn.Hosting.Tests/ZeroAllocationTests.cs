using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>Relaying a datagram makes no garbage.</summary>
public sealed class ZeroAllocationTests
{
    private const ushort Channel = 0x4001;
    private const int Packets = 20_000;

    [Fact]
    public async Task The_relay_allocates_nothing_per_packet()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The framework's sockets, which the portable engine uses, allocate a little.");
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("Threads", "1"), ("MaxPacketsPerSecond", "0"), ("MaxBytesPerSecond", "0"));
        await using var alice = TestClient.Udp(host);
        await using var bob = TestClient.Udp(host);
        await alice.AllocateAsync();
        await bob.AllocateAsync();
        using var peer = new Peer();
        await alice.BindAsync(Channel, peer.Address);
        await alice.BindAsync(Channel + 1, bob.RelayedAddress);
        await bob.BindAsync(Channel, alice.RelayedAddress);

        // The first round warms up: tables grow, methods are compiled.
        await RelayAsync(alice, bob, peer);
        var before = await AllocatedAsync(host);
        await RelayAsync(alice, bob, peer);
        var after = await AllocatedAsync(host);

        // Asking costs a little as well; a single byte per packet would be 60,000.
        Assert.True(after - before < 2000, $"{after - before} bytes were allocated for {3 * Packets} packets.");
    }

    /// <summary>Relays to the peer, from the peer, and from one allocation to the other.</summary>
    private static async Task RelayAsync(TestClient alice, TestClient bob, Peer peer)
    {
        var payload = new byte[172];
        for (var i = 0; i < Packets; i += 20)
        {
            for (var k = 0; k < 20; k++)
            {
                await alice.SendAsync(Channel, payload);
                await alice.SendAsync(Channel + 1, payload);
                peer.Send(alice.RelayedAddress, payload);
            }

            for (var k = 0; k < 20; k++)
            {
                await peer.ReceiveAsync();
                await alice.DataAsync();
                await bob.DataAsync();
            }
        }
    }

    private static Task<long> AllocatedAsync(TurnHost host)
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Server.Engines[0].Post(_ => answer.SetResult(GC.GetAllocatedBytesForCurrentThread()));
        return answer.Task;
    }
}
