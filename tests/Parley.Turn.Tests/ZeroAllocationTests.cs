using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>The data path allocates no managed memory, and neither do replies to those who have proved nothing.</summary>
public sealed class ZeroAllocationTests
{
    private const string Peer = "203.0.113.77:5000";
    private const int Rounds = 20_000;

    private readonly TurnHarness _server = new(new TurnSettings
    {
        Users = TurnHarness.DefaultSettings.Users,
        RelayAddressIPv4 = TurnHarness.RelayIPv4,
        AllowPrivatePeers = true,
        MaxUnauthenticatedRepliesPerSecond = 0,
        MaxPacketsPerSecond = int.MaxValue,
        MaxBytesPerSecond = long.MaxValue / 4,
    });

    [Theory]
    [InlineData(TransportProtocol.Udp)]
    [InlineData(TransportProtocol.Tcp)]
    public void ChannelData_both_ways(TransportProtocol protocol)
    {
        var client = new TurnClient(_server, protocol: protocol).Allocated();
        client.ChannelBind(0x4000, Peer);
        var id = client.Allocation;
        var peer = new PeerAddress(TransportAddress.Parse(Peer));
        var message = new byte[ChannelData.HeaderSize + 1199];
        ChannelData.WriteHeader(message, 0x4000, 1199);
        var buffer = new byte[TurnShard.Headroom + 1199 + TurnShard.Tailroom];
        AssertNothingAllocated(2, (ref NullSink sink) =>
        {
            _server.Shard.ReceiveFromClient(client.Tuple, message, _server.Now, ref sink);
            _server.Shard.ReceiveFromPeer(id, peer, buffer, 1199, _server.Now, ref sink);
        });
    }

    [Fact]
    public void Routes_of_batches()
    {
        var client = new TurnClient(_server).Allocated();
        client.ChannelBind(0x4000, Peer);
        var peer = new PeerAddress(TransportAddress.Parse(Peer));
        AssertNothingAllocated(1, (ref NullSink sink) =>
        {
            var resolved = _server.Shard.TryFindAllocation(client.Tuple, _server.Now, out var id) &&
                _server.Shard.TryRouteFromClient(client.Tuple, 0x4000, 64, 64_000, _server.Now, out _) &&
                _server.Shard.TryRouteFromClient(id, 0x4000, 64, 64_000, _server.Now, out _) &&
                _server.Shard.RouteFromPeer(id, peer, 64, 64_000, _server.Now, out _) == PeerRouting.ChannelData;
            sink.Messages += resolved ? 1 : 0;
        });
    }

    [Fact]
    public void Send_and_Data_indications()
    {
        var client = new TurnClient(_server).Allocated();
        client.CreatePermission(Peer);
        var id = client.Allocation;
        var peer = new PeerAddress(TransportAddress.Parse(Peer));
        var writer = new StunWriter(new byte[2048], StunClass.Indication, StunMethod.Send, TurnClient.NextTransactionId());
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer.Value);
        writer.Add(StunAttributeType.Data, new byte[1199]);
        Assert.True(writer.TryFinish(out var finished));
        var message = finished.ToArray();
        var buffer = new byte[TurnShard.Headroom + 1199 + TurnShard.Tailroom];
        AssertNothingAllocated(2, (ref NullSink sink) =>
        {
            _server.Shard.ReceiveFromClient(client.Tuple, message, _server.Now, ref sink);
            _server.Shard.ReceiveFromPeer(id, peer, buffer, 1199, _server.Now, ref sink);
        });
    }

    [Fact]
    public void Hand_over_between_all_kinds_of_ends()
    {
        var udp = new TurnClient(_server, "203.0.113.9:1").Allocated();
        var stream = new TurnClient(_server, "203.0.113.9:2", TransportProtocol.Tls).Allocated();
        var indications = new TurnClient(_server, "203.0.113.9:3").Allocated();
        udp.ChannelBind(0x4000, "198.51.100.1:49153");
        udp.ChannelBind(0x4001, "198.51.100.1:49154");
        stream.ChannelBind(0x4000, "198.51.100.1:49152");
        indications.CreatePermission("198.51.100.1:1");
        var (toStream, toIndications, toUdp) = (new byte[1203], new byte[1203], new byte[1203]);
        AssertNothingAllocated(3, (ref NullSink sink) =>
        {
            // A message that is handed over is rewritten in place.
            ChannelData.WriteHeader(toStream, 0x4000, 1199);
            ChannelData.WriteHeader(toIndications, 0x4001, 1199);
            ChannelData.WriteHeader(toUdp, 0x4000, 1199);
            _server.Shard.ReceiveFromClient(udp.Tuple, toStream, _server.Now, ref sink);
            _server.Shard.ReceiveFromClient(udp.Tuple, toIndications, _server.Now, ref sink);
            _server.Shard.ReceiveFromClient(stream.Tuple, toUdp, _server.Now, ref sink);
        });
    }

    [Fact]
    public void Binding_401_438_400_and_junk()
    {
        var client = new TurnClient(_server) { Nonce = "obMatJos2gAAAAAAAAAAAAAAAAAA"u8.ToArray() };
        byte[][] messages =
        [
            client.Build(StunMethod.Binding, authenticate: false),
            client.Build(StunMethod.Allocate, authenticate: false),
            client.Build(StunMethod.Allocate, authenticate: true),
            client.Build(StunMethod.Refresh, authenticate: false, (ref StunWriter writer) => writer.AddMessageIntegrity(client.Key())),
            [1, 2, 3],
            [0x40, 0, 0, 1, 1],
        ];
        AssertNothingAllocated(4, (ref NullSink sink) =>
        {
            foreach (var message in messages)
            {
                _server.Shard.ReceiveFromClient(client.Tuple, message, _server.Now, ref sink);
            }
        });
    }

    [Fact]
    public void An_idle_tick()
    {
        new TurnClient(_server).Allocated();
        AssertNothingAllocated(0, (ref NullSink sink) => _server.Shard.Tick(_server.Now, ref sink));
    }

    private delegate void Round(ref NullSink sink);

    private static void AssertNothingAllocated(int messagesPerRound, Round round)
    {
        // Warm until the tiers of compilation have settled for what is called; then every byte counts.
        var sink = default(NullSink);
        for (var i = 0; i < 200; i++)
        {
            round(ref sink);
        }

        sink = default;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            round(ref sink);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Rounds * messagesPerRound, sink.Messages);
        Assert.Equal(0, allocated);
    }
}
