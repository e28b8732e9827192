using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>Send and Data indications, and ICMP: RFC 8656 section 11.</summary>
public sealed class DataTests
{
    private const string Peer = "203.0.113.77:5000";

    private readonly TurnHarness _server = new();
    private readonly TurnClient _client;

    public DataTests()
    {
        _client = new TurnClient(_server).Allocated();
        _client.CreatePermission(Peer);
    }

    [Fact]
    public void A_Send_indication_reaches_a_permitted_peer_and_no_other()
    {
        var expected = new Output.Relayed(_client.Allocation, new PeerAddress(TransportAddress.Parse(Peer)), "616263", false);
        Assert.Equal([expected], _client.SendIndication(Peer, "abc"u8));
        Assert.Equal([expected with { Hex = "" }], _client.SendIndication(Peer, []));
        Assert.Empty(_client.SendIndication("203.0.113.78:5000", "abc"u8));
        Assert.Equal(1, _server.Shard.Counters.Drops(TurnDropReason.NoPermission));
    }

    [Fact]
    public void A_Send_indication_needs_both_peer_and_data_and_nothing_unknown()
    {
        WriteAttributes[] bad =
        [
            static (ref StunWriter writer) => writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(Peer)),
            static (ref StunWriter writer) => writer.Add(StunAttributeType.Data, [1]),
            static (ref StunWriter writer) =>
            {
                writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(Peer));
                writer.Add(StunAttributeType.Data, [1]);
                writer.Add((StunAttributeType)0x7F01, []);
            },
        ];
        foreach (var attributes in bad)
        {
            var writer = new StunWriter(new byte[256], StunClass.Indication, StunMethod.Send, TurnClient.NextTransactionId());
            attributes(ref writer);
            Assert.True(writer.TryFinish(out var message));
            Assert.Empty(_client.Send(message.ToArray()));
        }

        Assert.Equal(bad.Length, _server.Shard.Counters.Drops(TurnDropReason.Malformed));
    }

    [Fact]
    public void Data_of_a_client_without_allocation_is_dropped()
    {
        var stranger = new TurnClient(_server, "203.0.113.9:40001");
        Assert.Empty(stranger.SendIndication(Peer, "abc"u8));
        Assert.Empty(stranger.SendChannelData(0x4000, "abc"u8));
        Assert.Equal(2, _server.Shard.Counters.Drops(TurnDropReason.NoAllocation));
    }

    [Theory]
    [InlineData("203.0.113.77:5000", 0)]
    [InlineData("203.0.113.77:5000", 1)]
    [InlineData("203.0.113.77:5000", 1200)]
    [InlineData("[2001:db8::77]:5000", 0)]
    [InlineData("[2001:db8::77]:5000", 3)]
    [InlineData("[2001:db8::77]:5000", 65000)]
    public void A_peer_without_channel_comes_as_a_Data_indication(string peer, int size)
    {
        var client = new TurnClient(_server, "203.0.113.9:50000").Allocated(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6));
        client.CreatePermission(peer);
        var data = new byte[size];
        new Random(size).NextBytes(data);
        var sent = Assert.IsType<Output.Sent>(Assert.Single(_server.ReceiveFromPeer(client.Allocation, peer, data)));
        Assert.Equal(client.Tuple, sent.Client);
        Assert.True(StunMessage.TryParse(sent.Bytes, out var indication));
        Assert.Equal((StunClass.Indication, StunMethod.Data), (indication.Class, indication.Method));
        Assert.True(indication.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var from));
        Assert.Equal(peer, from.ToString());
        Assert.True(indication.TryGet(StunAttributeType.Data, out var received));
        Assert.Equal(data, received.ToArray());
        Assert.All(sent.Bytes[^((4 - (size % 4)) % 4)..], padding => Assert.Equal(0, padding));
    }

    [Fact]
    public void Data_indications_have_transaction_ids_of_their_own()
    {
        HashSet<TransactionId> ids = [];
        for (var i = 0; i < 100; i++)
        {
            Assert.True(StunMessage.TryParse(Assert.IsType<Output.Sent>(Assert.Single(_server.ReceiveFromPeer(_client.Allocation, Peer, "a"u8))).Bytes, out var indication));
            Assert.True(ids.Add(indication.TransactionId));
        }
    }

    [Fact]
    public void Data_that_no_datagram_could_carry_is_dropped()
    {
        _client.ChannelBind(0x4000, Peer);
        Assert.Single(_server.ReceiveFromPeer(_client.Allocation, Peer, new byte[65503]));
        Assert.Empty(_server.ReceiveFromPeer(_client.Allocation, Peer, new byte[65504]));
        Assert.Empty(_server.ReceiveFromPeer(_client.Allocation, "203.0.113.77:5001", new byte[65500]));
        Assert.Equal(2, _server.Shard.Counters.Drops(TurnDropReason.TooLarge));
    }

    [Theory]
    [InlineData("203.0.113.9:1", TransportProtocol.Udp, "203.0.113.77:5000", true)]
    [InlineData("203.0.113.9:1", TransportProtocol.Udp, "[2001:db8::77]:5000", false)] // RFC 8656 section 13.1: to be ignored between families
    [InlineData("[2001:db8::9]:1", TransportProtocol.Udp, "203.0.113.77:5000", false)] // 13.3
    [InlineData("[2001:db8::9]:1", TransportProtocol.Udp, "[2001:db8::77]:5000", false)] // 13.2
    [InlineData("203.0.113.9:1", TransportProtocol.Tcp, "203.0.113.77:5000", true)] // 15
    [InlineData("[2001:db8::9]:1", TransportProtocol.Tls, "[2001:db8::77]:5000", true)] // 15
    public void Dont_fragment_reaches_the_datagram_where_the_RFC_says_so(string from, TransportProtocol protocol, string peer, bool dontFragment)
    {
        var client = new TurnClient(_server, from, protocol).Allocated(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6));
        client.CreatePermission(peer);
        Assert.Equal(dontFragment, Assert.IsType<Output.Relayed>(Assert.Single(client.SendIndication(peer, "a"u8, dontFragment: true))).DontFragment);
        Assert.False(Assert.IsType<Output.Relayed>(Assert.Single(client.SendIndication(peer, "a"u8))).DontFragment);
    }

    [Fact]
    public void Without_support_a_Send_indication_with_dont_fragment_is_discarded()
    {
        var server = new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv4 = TurnHarness.RelayIPv4, AllowPrivatePeers = true });
        var client = new TurnClient(server).Allocated();
        client.CreatePermission(Peer);
        Assert.Empty(client.SendIndication(Peer, "a"u8, dontFragment: true));
        Assert.Single(client.SendIndication(Peer, "a"u8));
    }

    [Theory]
    [InlineData("203.0.113.77:5000", 3, 1, 0u)]
    [InlineData("203.0.113.77:5000", 3, 4, 1400u)]
    [InlineData("203.0.113.77:0", 11, 0, 0u)]
    [InlineData("[2001:db8::77]:5000", 1, 4, 0u)]
    [InlineData("[2001:db8::77]:5000", 2, 0, 1400u)]
    [InlineData("[2001:db8::77]:5000", 3, 0, 0u)]
    public void An_ICMP_error_comes_as_a_Data_indication_even_with_a_channel(string peer, byte type, byte code, uint mtu)
    {
        var client = new TurnClient(_server, "203.0.113.9:50000").Allocated(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6));
        client.ChannelBind(0x4000, peer);
        var outputs = _server.Do((shard, sink) => shard.ReceiveIcmp(client.Allocation, new PeerAddress(TransportAddress.Parse(peer)), type, code, 1400, _server.Now, ref sink));
        Assert.True(StunMessage.TryParse(Assert.IsType<Output.Sent>(Assert.Single(outputs)).Bytes, out var indication));
        Assert.Equal((StunClass.Indication, StunMethod.Data), (indication.Class, indication.Method));
        Assert.True(indication.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var from));
        Assert.Equal(peer, from.ToString());
        Assert.True(indication.TryGetIcmp(out var receivedType, out var receivedCode, out var errorData));
        Assert.Equal((type, code, mtu), (receivedType, receivedCode, errorData));
        Assert.False(indication.Contains(StunAttributeType.Data));
    }

    [Theory]
    [InlineData("203.0.113.77:5000", 8)]
    [InlineData("203.0.113.77:5000", 5)]
    [InlineData("203.0.113.78:5000", 3)]
    public void Other_ICMP_types_and_peers_without_permission_are_dropped(string peer, byte type) =>
        Assert.Empty(_server.Do((shard, sink) => shard.ReceiveIcmp(_client.Allocation, new PeerAddress(TransportAddress.Parse(peer)), type, 0, 0, _server.Now, ref sink)));

    [Fact]
    public void Junk_is_counted_and_nothing_else()
    {
        Assert.Empty(_client.Send([]));
        Assert.Empty(_client.Send([0]));
        Assert.Empty(_client.Send("GET / HTTP/1.1\r\n\r\n"u8.ToArray()));
        Assert.Empty(_client.Send([0x80, 0, 0, 0]));
        Assert.Empty(_client.Send([0x16, 0xfe, 0xfd, 0]));
        Assert.Equal(5, _server.Shard.Counters.Drops(TurnDropReason.Malformed) + _server.Shard.Counters.Drops(TurnDropReason.NoAllocation) + _server.Shard.Counters.Drops(TurnDropReason.NoChannel));
    }
}
