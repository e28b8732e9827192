using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>Both ends of a call relay here: data goes from one allocation to the other inside the process.</summary>
public sealed class HandOverTests
{
    private const string RelayOfA = "198.51.100.1:49152";
    private const string RelayOfB = "198.51.100.1:49153";

    private readonly TurnHarness _server = new();
    private readonly TurnClient _a;
    private readonly TurnClient _b;

    public HandOverTests()
    {
        _a = new TurnClient(_server, "203.0.113.9:1").Allocated();
        _b = new TurnClient(_server, "203.0.113.9:2").Allocated();
    }

    [Fact]
    public void ChannelData_arrives_on_the_other_clients_channel_without_touching_a_socket()
    {
        _a.ChannelBind(0x4000, RelayOfB);
        _b.ChannelBind(0x4abc, RelayOfA);
        Assert.Equal([new Output.Sent(_b.Tuple, "4ABC0003010203")], _a.SendChannelData(0x4000, [1, 2, 3]));
        Assert.Equal([new Output.Sent(_a.Tuple, "40000002FFFE")], _b.SendChannelData(0x4abc, [0xff, 0xfe]));
        Assert.Equal(2, _server.Shard.Counters.PacketsHandedOver);
        Assert.Equal(2, _server.Shard.Counters.PacketsFromClients(TransportProtocol.Udp));
        Assert.Equal(2, _server.Shard.Counters.PacketsFromPeers(TransportProtocol.Udp));
        Assert.Equal(5, _server.Shard.Counters.BytesFromPeers(TransportProtocol.Udp));
    }

    [Fact]
    public void Only_a_receiver_that_permits_the_senders_relay_gets_anything()
    {
        _a.ChannelBind(0x4000, RelayOfB);
        Assert.Empty(_a.SendChannelData(0x4000, [1]));
        Assert.Equal(1, _server.Shard.Counters.Drops(TurnDropReason.NoPermission));

        _b.CreatePermission(RelayOfA);
        AssertIndication(_b, RelayOfA, [1], _a.SendChannelData(0x4000, [1]));
        _server.Sleep(TimeSpan.FromSeconds(300));
        Assert.Empty(_a.SendChannelData(0x4000, [1]));
    }

    [Fact]
    public void Send_indications_are_handed_over_too()
    {
        _a.CreatePermission(RelayOfB);
        _b.CreatePermission(RelayOfA);
        AssertIndication(_b, RelayOfA, [1, 2, 3, 4, 5], _a.SendIndication(RelayOfB, [1, 2, 3, 4, 5]));
        _b.ChannelBind(0x4000, RelayOfA);
        Assert.Equal([new Output.Sent(_b.Tuple, "400000020102")], _a.SendIndication(RelayOfB, [1, 2]));
    }

    [Fact]
    public void A_receiver_on_a_stream_gets_padding()
    {
        var stream = new TurnClient(_server, "203.0.113.9:3", TransportProtocol.Tls).Allocated();
        _a.ChannelBind(0x4000, "198.51.100.1:49154");
        stream.ChannelBind(0x4001, RelayOfA);
        Assert.Equal([new Output.Sent(stream.Tuple, "4001000301020300")], _a.SendChannelData(0x4000, [1, 2, 3]));
        Assert.Equal([new Output.Sent(_a.Tuple, "40000003090807")], stream.SendChannelData(0x4001, [9, 8, 7]));
    }

    [Fact]
    public void Another_shards_allocation_is_handed_to_its_shard()
    {
        var shard = new TurnHarness(_server.Registry) { Engine = static _ => EngineAnswer.Wait };
        var c = new TurnClient(shard, "203.0.113.50:1");
        c.AllocateOutputs();
        shard.OpenLate(Assert.Single(shard.Waiting), 50000);
        _a.ChannelBind(0x4000, "198.51.100.1:50000");
        c.ChannelBind(0x4001, RelayOfA);

        var handedOver = Assert.IsType<Output.HandedOver>(Assert.Single(_a.SendChannelData(0x4000, [1, 2, 3])));
        Assert.Equal(new Output.HandedOver(new HandOverTarget(1, c.Allocation), new PeerAddress(TransportAddress.Parse(RelayOfA)), "010203"), handedOver);
        Assert.Equal([new Output.Sent(c.Tuple, "40010003010203")], shard.ReceiveFromPeer(handedOver.Target.Allocation, handedOver.Source, [1, 2, 3]));
        Assert.Equal([handedOver], _a.SendChannelData(0x4000, [1, 2, 3]));

        Assert.Equal(StunErrorCode.None, _a.CreatePermission("198.51.100.1:1").ErrorCode);
        Assert.Equal([handedOver], _a.SendIndication("198.51.100.1:50000", [1, 2, 3]));
    }

    [Fact]
    public void A_batch_learns_the_target_and_asks_the_target()
    {
        _a.ChannelBind(0x4000, RelayOfB);
        _b.ChannelBind(0x4001, RelayOfA);
        Assert.True(_server.Shard.TryRouteFromClient(_a.Tuple, 0x4000, 10, 1000, _server.Now, out var route));
        Assert.True(route.IsHandOver);
        Assert.Equal(new HandOverTarget(0, _b.Allocation), route.Target);
        Assert.Equal(PeerRouting.ChannelData, _server.Shard.RouteFromPeer(route.Target.Allocation, route.Source, 10, 1000, _server.Now, out var onward));
        Assert.Equal((_b.Tuple, (ushort)0x4001), (onward.Client, onward.Channel));
    }

    [Fact]
    public void When_the_other_end_is_gone_nothing_goes_anywhere()
    {
        _a.ChannelBind(0x4000, RelayOfB);
        _b.ChannelBind(0x4001, RelayOfA);
        _b.Refresh(0);
        Assert.Empty(_a.SendChannelData(0x4000, [1]));
        Assert.Equal(1, _server.Shard.Counters.Drops(TurnDropReason.NobodyThere));

        // Whoever has that port next gets nothing without a permission of their own.
        var next = new TurnClient(_server, "203.0.113.9:3").Allocated();
        Assert.Empty(_a.SendChannelData(0x4000, [1]));
        next.CreatePermission(RelayOfA);
        AssertIndication(next, RelayOfA, [1], _a.SendChannelData(0x4000, [1]));
    }

    [Fact]
    public void An_expired_end_is_dead_before_the_tick()
    {
        _a.Refresh(3600);
        _a.ChannelBind(0x4000, RelayOfB);
        _b.ChannelBind(0x4001, RelayOfA);
        _server.Sleep(TimeSpan.FromSeconds(600 - 1));
        _a.ChannelBind(0x4000, RelayOfB);
        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Empty(_a.SendChannelData(0x4000, [1]));
        Assert.Equal(1, _server.Shard.Counters.Drops(TurnDropReason.NoAllocation));
    }

    [Fact]
    public void An_allocation_may_be_its_own_peer()
    {
        _a.ChannelBind(0x4000, RelayOfA);
        Assert.Equal([new Output.Sent(_a.Tuple, "4000000107")], _a.SendChannelData(0x4000, [7]));
    }

    private static void AssertIndication(TurnClient receiver, string from, byte[] data, List<Output> outputs)
    {
        var sent = Assert.IsType<Output.Sent>(Assert.Single(outputs));
        Assert.Equal(receiver.Tuple, sent.Client);
        Assert.True(StunMessage.TryParse(sent.Bytes, out var indication));
        Assert.Equal(StunMethod.Data, indication.Method);
        Assert.True(indication.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var peer));
        Assert.Equal(from, peer.ToString());
        Assert.True(indication.TryGet(StunAttributeType.Data, out var received));
        Assert.Equal(data, received.ToArray());
    }
}
