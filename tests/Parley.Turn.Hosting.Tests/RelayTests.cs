using System.Net;
using System.Text;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>The data path on real sockets, the same for every engine.</summary>
public abstract class RelayTests(EngineKind engine) : IAsyncLifetime
{
    private const ushort Channel = 0x4001;
    private TurnHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await TurnHost.StartAsync(engine);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("127.0.0.1", AddressFamily.IPv4)]
    [InlineData("127.0.0.1", AddressFamily.IPv6)]
    [InlineData("::1", AddressFamily.IPv4)]
    [InlineData("::1", AddressFamily.IPv6)]
    public async Task Channel_data_goes_both_ways_in_either_family(string server, AddressFamily relay)
    {
        await using var client = TestClient.Udp(_host, server);
        await client.AllocateAsync((ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, relay));
        using var peer = new Peer(relay == AddressFamily.IPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback);
        await client.BindAsync(Channel, peer.Address);

        await client.SendAsync(Channel, "to the peer"u8);
        var (payload, from) = await peer.ReceiveAsync();
        Assert.Equal("to the peer", Text(payload));
        Assert.Equal(client.RelayedAddress, from);

        peer.Send(client.RelayedAddress, "to the client"u8);
        Assert.Equivalent(new Received(Channel, default, "to the client"u8.ToArray()), await client.DataAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Indications_go_both_ways(bool dontFragment)
    {
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        using var peer = new Peer();
        await client.PermitAsync(peer.Address);

        await client.IndicateAsync(peer.Address, "to the peer"u8, dontFragment);
        Assert.Equal("to the peer", Text((await peer.ReceiveAsync()).Payload));

        peer.Send(client.RelayedAddress, "to the client"u8);
        Assert.Equivalent(new Received(0, peer.Address, "to the client"u8.ToArray()), await client.DataAsync());
    }

    [Fact]
    public async Task Dont_fragment_from_a_stream_reaches_a_peer_on_IPv6()
    {
        await using var client = await TestClient.TcpAsync(_host);
        await client.AllocateAsync((ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv6));
        using var peer = new Peer(IPAddress.IPv6Loopback);
        await client.PermitAsync(peer.Address);
        await client.IndicateAsync(peer.Address, "whole or not at all"u8, dontFragment: true);
        Assert.Equal("whole or not at all", Text((await peer.ReceiveAsync()).Payload));
        Assert.Equal(0, _host.Server.Snapshot.Faults);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1400)]
    [InlineData(9000)]
    public async Task Any_size_goes_through(int size)
    {
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        using var peer = new Peer();
        await client.BindAsync(Channel, peer.Address);
        var data = Pattern(size, 7);

        await client.SendAsync(Channel, data);
        Assert.Equal(data, (await peer.ReceiveAsync()).Payload);
        peer.Send(client.RelayedAddress, data);
        Assert.Equal(data, (await client.DataAsync()).Payload);
    }

    [Fact]
    public async Task Bursts_of_mixed_sizes_arrive_whole_and_in_order()
    {
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        using var peer = new Peer();
        await client.BindAsync(Channel, peer.Address);
        var sent = Enumerable.Range(0, 400).Select(i => Pattern(i % 7 == 0 ? 172 : i % 50 == 0 ? 3 : 1100, (byte)i)).ToList();

        foreach (var data in sent)
        {
            await client.SendAsync(Channel, data);
        }

        foreach (var data in sent)
        {
            Assert.Equal(data, (await peer.ReceiveAsync()).Payload);
        }

        foreach (var data in sent)
        {
            peer.Send(client.RelayedAddress, data);
        }

        foreach (var data in sent)
        {
            Assert.Equal(data, (await client.DataAsync()).Payload);
        }
    }

    [Fact]
    public async Task A_busy_peer_does_not_shut_out_other_ports_of_its_address()
    {
        // As a peer behind a symmetric NAT needs it: the permission is for the IP address.
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        using var busy = new Peer();
        using var other = new Peer();
        await client.BindAsync(Channel, busy.Address);
        await ExchangeAsync(client, busy, rounds: 200);

        other.Send(client.RelayedAddress, "from another port"u8);
        Assert.Equivalent(new Received(0, other.Address, "from another port"u8.ToArray()), await client.DataAsync());
        await client.IndicateAsync(other.Address, "and back"u8);
        var (payload, from) = await other.ReceiveAsync();
        Assert.Equal("and back", Text(payload));
        Assert.Equal(client.RelayedAddress, from);

        await ExchangeAsync(client, busy, rounds: 10);
    }

    [Fact]
    public async Task Many_busy_peers_take_turns()
    {
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        var peers = Enumerable.Range(0, 12).Select(_ => new Peer()).ToList();
        for (var i = 0; i < peers.Count; i++)
        {
            await client.BindAsync((ushort)(Channel + i), peers[i].Address);
        }

        for (var turn = 0; turn < 2; turn++)
        {
            for (var i = 0; i < peers.Count; i++)
            {
                await ExchangeAsync(client, peers[i], rounds: 80, (ushort)(Channel + i));
            }
        }

        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task A_peer_that_goes_away_and_comes_back_is_reached_again()
    {
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        TransportAddress address;
        using (var peer = new Peer())
        {
            address = peer.Address;
            await client.BindAsync(Channel, address);
            await ExchangeAsync(client, peer, rounds: 100);
        }

        // Each of these brings an ICMP error back to the relay's socket.
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(Channel, "nobody there"u8);
        }

        // Answered after all of those have been dealt with.
        Assert.Equal(StunErrorCode.None, await client.RefreshAsync(600));

        using var again = new Peer(IPAddress.Loopback, address.Port);
        await ExchangeAsync(client, again, rounds: 5);
    }

    [Fact]
    public async Task Who_is_not_permitted_is_not_heard()
    {
        await using var client = TestClient.Udp(_host);
        await client.AllocateAsync();
        using var stranger = new Peer(IPAddress.Parse("127.0.0.2"));
        using var peer = new Peer();
        await client.PermitAsync(peer.Address);

        stranger.Send(client.RelayedAddress, "unheard"u8);
        peer.Send(client.RelayedAddress, "heard"u8);

        Assert.Equal("heard", Text((await client.DataAsync()).Payload));
        Assert.Empty(client.Waiting());
    }

    [Fact]
    public async Task Two_allocations_reach_each_other_within_the_process()
    {
        await using var alice = TestClient.Udp(_host);
        await using var bob = TestClient.Udp(_host, "::1");
        await alice.AllocateAsync();
        await bob.AllocateAsync((ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv4));
        await alice.BindAsync(Channel, bob.RelayedAddress);

        // Not permitted yet, so nothing; then by indication; then by channel.
        await alice.SendAsync(Channel, "too early"u8);
        await Eventually.TrueAsync(() => _host.Server.Engines.Sum(running => running.Shard.Counters.Drops(TurnDropReason.NoPermission)) == 1, () => "It was not dropped.");
        await bob.PermitAsync(alice.RelayedAddress);
        await alice.SendAsync(Channel, "hello"u8);
        Assert.Equivalent(new Received(0, alice.RelayedAddress, "hello"u8.ToArray()), await bob.DataAsync());
        await bob.BindAsync(0x4ABC, alice.RelayedAddress);
        await alice.SendAsync(Channel, "hello again"u8);
        Assert.Equivalent(new Received(0x4ABC, default, "hello again"u8.ToArray()), await bob.DataAsync());
        await bob.SendAsync(0x4ABC, "and back"u8);
        Assert.Equivalent(new Received(Channel, default, "and back"u8.ToArray()), await alice.DataAsync());

        Assert.Equal(4, _host.Server.Engines.Sum(running => running.Shard.Counters.PacketsHandedOver));
    }

    [Fact]
    public async Task Every_transport_reaches_every_other()
    {
        TestClient[] clients = [TestClient.Udp(_host), await TestClient.TcpAsync(_host), await TestClient.TlsAsync(_host)];
        foreach (var client in clients)
        {
            await client.AllocateAsync();
        }

        foreach (var from in clients)
        {
            foreach (var to in clients.Where(client => client != from))
            {
                var channel = (ushort)(Channel + Array.IndexOf(clients, to));
                var back = (ushort)(Channel + Array.IndexOf(clients, from));
                await from.BindAsync(channel, to.RelayedAddress);
                await to.BindAsync(back, from.RelayedAddress);
                for (var size = 0; size < 9; size++)
                {
                    var data = Pattern(size, 3);
                    await from.SendAsync(channel, data);
                    Assert.Equivalent(new Received(back, default, data), await to.DataAsync());
                }
            }
        }

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task ExchangeAsync(TestClient client, Peer peer, int rounds, ushort channel = Channel)
    {
        for (var i = 0; i < rounds; i++)
        {
            await client.SendAsync(channel, [1, (byte)i]);
            Assert.Equal([1, (byte)i], (await peer.ReceiveAsync()).Payload);
            peer.Send(client.RelayedAddress, [2, (byte)i]);
            var received = await client.DataAsync();
            Assert.Equal(channel, received.Channel);
            Assert.Equal([2, (byte)i], received.Payload);
        }
    }

    private static string Text(byte[] payload) => Encoding.UTF8.GetString(payload);

    private static byte[] Pattern(int size, byte seed) => [.. Enumerable.Range(0, size).Select(i => (byte)(i + seed))];
}

public sealed class DefaultEngineRelayTests() : RelayTests(EngineKind.Default);

public sealed class PortableEngineRelayTests() : RelayTests(EngineKind.Portable);
