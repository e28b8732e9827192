using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>Several threads, each with clients of its own, which reach each other all the same.</summary>
public sealed class ShardTests : IAsyncLifetime
{
    private const int Pairs = 12;
    private TurnHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere there is one thread.");
        _host = await TurnHost.StartAsync(EngineKind.Default, ("Threads", "4"), ("MaxAllocationsPerUser", "1000"));
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Calls_across_threads_are_handed_over_in_order()
    {
        var pairs = new List<(TestClient A, TestClient B)>();
        for (var i = 0; i < Pairs; i++)
        {
            var (a, b) = (TestClient.Udp(_host), i % 3 == 0 ? await TestClient.TcpAsync(_host) : TestClient.Udp(_host));
            await a.AllocateAsync();
            await b.AllocateAsync();
            await a.BindAsync(0x4001, b.RelayedAddress);
            await b.BindAsync(0x4002, a.RelayedAddress);
            pairs.Add((a, b));
        }

        await Parallel.ForEachAsync(pairs, async (pair, _) =>
        {
            for (var i = 0; i < 50; i++)
            {
                await pair.A.SendAsync(0x4001, [(byte)i, 1]);
                await pair.B.SendAsync(0x4002, [(byte)i, 2]);
            }

            for (var i = 0; i < 50; i++)
            {
                Assert.Equivalent(new Received(0x4002, default, [(byte)i, 1]), await pair.B.DataAsync());
                Assert.Equivalent(new Received(0x4001, default, [(byte)i, 2]), await pair.A.DataAsync());
            }
        });

        // The kernel spreads the clients; that all of 24 fall to one of four threads does not happen.
        Assert.True(_host.Server.Engines.Count(engine => engine.Shard.AllocationCount > 0) > 1);
        Assert.Equal(Pairs * 100, _host.Server.Engines.Sum(engine => engine.Shard.Counters.PacketsHandedOver));
        foreach (var (a, b) in pairs)
        {
            await a.DisposeAsync();
            await b.DisposeAsync();
        }
    }

    [Fact]
    public async Task Hanging_up_reaches_every_thread()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var credential = TimeLimitedCredential.Mint(TurnHost.Secret, $"call:{attempt}", DateTimeOffset.UtcNow.AddMinutes(5));
            var clients = new List<TestClient>();
            for (var i = 0; i < 8; i++)
            {
                var client = TestClient.Udp(_host);
                (client.UserName, client.Password) = (credential.Username, credential.Password);
                await client.AllocateAsync();
                clients.Add(client);
            }

            Assert.Equal(8, _host.Server.Snapshot.Sockets);
            await _host.Server.RevokeAsync($"call:{attempt}", DateTimeOffset.UtcNow.AddMinutes(5));

            Assert.Equal((0, 0, 0), (_host.Server.Snapshot.Inventory.Allocations, _host.Server.Snapshot.BoundPorts, _host.Server.Snapshot.Sockets));
            Assert.Equal(StunErrorCode.Unauthenticated, await clients[0].RefreshAsync(600));
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_reserved_port_may_be_claimed_on_another_thread()
    {
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await using var first = TestClient.Udp(_host);
            await using var second = TestClient.Udp(_host);
            var token = 0UL;
            var even = await first.AllocateAsync((ref StunWriter writer) => writer.AddEvenPort(reserveNext: true));
            token = first.ReservationToken;
            Assert.Equal(0, even.Port % 2);

            var odd = await second.AllocateAsync((ref StunWriter writer) => writer.AddReservationToken(token));

            Assert.Equal(even.Port + 1, odd.Port);
            using var peer = new Peer();
            await second.BindAsync(0x4001, peer.Address);
            peer.Send(odd, "by the reserved port"u8);
            Assert.Equal("by the reserved port"u8.ToArray(), (await second.DataAsync()).Payload);
        }
    }
}
