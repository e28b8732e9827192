using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>What an engine that moves whole batches asks.</summary>
public sealed class RouteTests
{
    private const string Peer = "203.0.113.77:5000";

    private static readonly PeerAddress PeerAddress = new(TransportAddress.Parse(Peer));

    private readonly TurnHarness _server = new();
    private readonly TurnClient _client;

    public RouteTests()
    {
        _client = new TurnClient(_server).Allocated();
        _client.ChannelBind(0x4000, Peer);
    }

    [Fact]
    public void A_run_of_a_client_is_resolved_and_counted_once()
    {
        Assert.True(_server.Shard.TryFindAllocation(_client.Tuple, _server.Now, out var id));
        Assert.True(_server.Shard.TryRouteFromClient(_client.Tuple, 0x4000, 40, 40 * 1200, _server.Now, out var route));
        Assert.Equal((id, PeerAddress, false), (route.Allocation, route.Peer, route.IsHandOver));
        Assert.True(_server.Shard.TryRouteFromClient(id, 0x4000, 2, 100, _server.Now, out _));
        Assert.Equal(42, _server.Shard.Counters.PacketsFromClients(TransportProtocol.Udp));
        Assert.Equal(48_100, _server.Shard.Counters.BytesFromClients(TransportProtocol.Udp));
    }

    [Fact]
    public void A_run_of_a_peer_is_resolved_and_counted_once()
    {
        Assert.Equal(PeerRouting.ChannelData, _server.Shard.RouteFromPeer(_client.Allocation, PeerAddress, 40, 40 * 1200, _server.Now, out var route));
        Assert.Equal((_client.Tuple, (ushort)0x4000), (route.Client, route.Channel));
        Assert.Equal(40, _server.Shard.Counters.PacketsFromPeers(TransportProtocol.Udp));
        Assert.Equal(48_000, _server.Shard.Counters.BytesFromPeers(TransportProtocol.Udp));
    }

    [Fact]
    public void A_permitted_peer_without_channel_is_left_to_ReceiveFromPeer_and_counted_there()
    {
        var other = new PeerAddress(TransportAddress.Parse("203.0.113.77:5001"));
        Assert.Equal(PeerRouting.DataIndication, _server.Shard.RouteFromPeer(_client.Allocation, other, 1, 10, _server.Now, out _));
        Assert.Equal(0, _server.Shard.Counters.PacketsFromPeers(TransportProtocol.Udp));
        _server.ReceiveFromPeer(_client.Allocation, other, new byte[10]);
        Assert.Equal(1, _server.Shard.Counters.PacketsFromPeers(TransportProtocol.Udp));
        Assert.Equal(10, _server.Shard.Counters.BytesFromPeers(TransportProtocol.Udp));
    }

    [Fact]
    public void What_has_no_allocation_channel_or_permission_is_dropped_and_counted()
    {
        var stranger = new TurnClient(_server, "203.0.113.9:1");
        Assert.False(_server.Shard.TryRouteFromClient(stranger.Tuple, 0x4000, 3, 30, _server.Now, out _));
        Assert.False(_server.Shard.TryRouteFromClient(_client.Tuple, 0x4001, 4, 40, _server.Now, out _));
        Assert.Equal(PeerRouting.Drop, _server.Shard.RouteFromPeer(_client.Allocation, new(TransportAddress.Parse("203.0.113.78:1")), 5, 50, _server.Now, out _));
        Assert.Equal(3, _server.Shard.Counters.Drops(TurnDropReason.NoAllocation));
        Assert.Equal(4, _server.Shard.Counters.Drops(TurnDropReason.NoChannel));
        Assert.Equal(5, _server.Shard.Counters.Drops(TurnDropReason.NoPermission));
    }

    [Fact]
    public void A_stale_id_finds_nothing_though_its_place_is_used_again()
    {
        var stale = _client.Allocation;
        _client.Refresh(0);
        _client.Allocated();
        _client.ChannelBind(0x4000, Peer);
        Assert.Equal(stale.Index, _client.Allocation.Index);
        Assert.NotEqual(stale, _client.Allocation);
        Assert.False(_server.Shard.TryRouteFromClient(stale, 0x4000, 1, 1, _server.Now, out _));
        Assert.Equal(PeerRouting.Drop, _server.Shard.RouteFromPeer(stale, PeerAddress, 1, 1, _server.Now, out _));
        Assert.False(_server.Shard.TryRouteFromClient(AllocationId.None, 0x4000, 1, 1, _server.Now, out _));
        Assert.False(_server.Shard.TryRouteFromClient(new AllocationId(-1, 1), 0x4000, 1, 1, _server.Now, out _));
        Assert.False(_server.Shard.TryRouteFromClient(new AllocationId(99999, 1), 0x4000, 1, 1, _server.Now, out _));
    }
}
