using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>RFC 8656 section 12.</summary>
public sealed class ChannelTests
{
    private const string Peer = "203.0.113.77:5000";

    private readonly TurnHarness _server = new();
    private readonly TurnClient _client;

    public ChannelTests() => _client = new TurnClient(_server).Allocated();

    [Fact]
    public void A_bound_channel_carries_data_both_ways_and_permits_its_peer()
    {
        var id = _client.Allocation;
        var outputs = _client.RequestOutputs(StunMethod.ChannelBind, static (ref StunWriter writer) =>
        {
            writer.AddChannelNumber(0x4000);
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(Peer));
        });
        Assert.Equal(StunErrorCode.None, new Reply(Assert.IsType<Output.Sent>(Assert.Single(outputs)).Bytes).ErrorCode);

        Assert.Equal([new Output.Relayed(id, PeerOf(Peer), "010203", false)], _client.SendChannelData(0x4000, [1, 2, 3]));
        Assert.Equal([new Output.Sent(_client.Tuple, "40000003040506")], _server.ReceiveFromPeer(id, Peer, [4, 5, 6]));
    }

    [Theory]
    [InlineData(0x3FFF, StunErrorCode.BadRequest)]
    [InlineData(0x4000, StunErrorCode.None)]
    [InlineData(0x4FFF, StunErrorCode.None)]
    [InlineData(0x5000, StunErrorCode.None)] // RFC 5766
    [InlineData(0x7FFF, StunErrorCode.None)] // RFC 5766
    [InlineData(0x8000, StunErrorCode.BadRequest)]
    [InlineData(0xFFFF, StunErrorCode.BadRequest)]
    public void Channel_numbers_of_RFC_8656_and_RFC_5766_are_accepted(int channel, StunErrorCode code) =>
        Assert.Equal(code, _client.ChannelBind((ushort)channel, Peer).ErrorCode);

    [Fact]
    public void Channel_and_peer_belong_to_each_other_while_the_binding_lives()
    {
        Assert.Equal(StunErrorCode.None, _client.ChannelBind(0x4000, Peer).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, _client.ChannelBind(0x4000, "203.0.113.77:5001").ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, _client.ChannelBind(0x4001, Peer).ErrorCode);
        Assert.Equal(StunErrorCode.None, _client.ChannelBind(0x4000, Peer).ErrorCode);
        Assert.Equal(StunErrorCode.None, _client.ChannelBind(0x4001, "203.0.113.77:5001").ErrorCode);

        _client.Refresh(3600);
        _server.Sleep(TimeSpan.FromSeconds(600));
        Assert.Equal(StunErrorCode.None, _client.ChannelBind(0x4001, Peer).ErrorCode);
        Assert.Equal(StunErrorCode.None, _client.ChannelBind(0x4000, "203.0.113.77:5001").ErrorCode);
    }

    [Fact]
    public void A_binding_lasts_600_seconds_unless_refreshed_by_ChannelBind()
    {
        _client.Refresh(3600);
        _client.ChannelBind(0x4000, Peer);
        _server.Sleep(TimeSpan.FromSeconds(599));
        Assert.Single(_client.SendChannelData(0x4000, "a"u8));
        Assert.Single(_client.RequestOutputs(StunMethod.CreatePermission, TurnClient.Peers(Peer)).OfType<Output.Sent>());
        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Empty(_client.SendChannelData(0x4000, "a"u8));
        Assert.Equal(1, _server.Shard.Counters.Drops(TurnDropReason.NoChannel));

        _client.ChannelBind(0x4000, Peer);
        _server.Sleep(TimeSpan.FromSeconds(500));
        _client.ChannelBind(0x4000, Peer);
        _server.Sleep(TimeSpan.FromSeconds(500));
        Assert.Single(_client.SendChannelData(0x4000, "a"u8));
    }

    [Fact]
    public void A_binding_outlives_its_permission_but_the_peer_does_not_get_through()
    {
        var id = _client.Allocation;
        _client.ChannelBind(0x4000, Peer);
        _server.Advance(TimeSpan.FromSeconds(300));
        Assert.Empty(_server.ReceiveFromPeer(id, Peer, "a"u8));
        Assert.Single(_client.SendChannelData(0x4000, "a"u8));
        _client.CreatePermission(Peer);
        Assert.Equal([new Output.Sent(_client.Tuple, "4000000161")], _server.ReceiveFromPeer(id, Peer, "a"u8));
    }

    [Fact]
    public void Another_family_is_a_443_and_a_filtered_peer_a_403()
    {
        Assert.Equal(StunErrorCode.PeerAddressFamilyMismatch, _client.ChannelBind(0x4000, "[2001:db8::77]:5000").ErrorCode);
        Assert.Equal(StunErrorCode.Forbidden, _client.ChannelBind(0x4000, "10.0.0.1:5000").ErrorCode);
    }

    [Fact]
    public void Channel_number_and_peer_are_both_required()
    {
        Assert.Equal(StunErrorCode.BadRequest, _client.Request(StunMethod.ChannelBind, TurnClient.Peers(Peer)).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, _client.Request(StunMethod.ChannelBind, static (ref StunWriter writer) => writer.AddChannelNumber(0x4000)).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, _client.Request(StunMethod.ChannelBind, static (ref StunWriter writer) =>
        {
            writer.Add(StunAttributeType.ChannelNumber, [0x40, 0x00]);
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(Peer));
        }).ErrorCode);
    }

    [Fact]
    public void ChannelData_shorter_than_it_claims_is_discarded_and_longer_is_padding()
    {
        var id = _client.Allocation;
        _client.ChannelBind(0x4000, Peer);
        Assert.Empty(_client.Send([0x40, 0x00, 0x00, 0x03, 1, 2]));
        Assert.Empty(_client.Send([0x40, 0x00, 0x00]));
        Assert.Empty(_client.Send([0x40]));
        Assert.Equal([new Output.Relayed(id, PeerOf(Peer), "0102", false)], _client.Send([0x40, 0x00, 0x00, 0x02, 1, 2, 0, 0]));
        Assert.Equal([new Output.Relayed(id, PeerOf(Peer), "", false)], _client.Send([0x40, 0x00, 0x00, 0x00]));
        Assert.Empty(_client.Send([0x40, 0x01, 0x00, 0x01, 1]));
        Assert.Equal(3, _server.Shard.Counters.Drops(TurnDropReason.Malformed));
    }

    [Fact]
    public void On_a_stream_ChannelData_is_padded_with_zeros()
    {
        var stream = new TurnClient(_server, protocol: TransportProtocol.Tcp).Allocated();
        stream.ChannelBind(0x4000, Peer);
        Assert.Equal([new Output.Sent(stream.Tuple, "4000000161000000")], _server.ReceiveFromPeer(stream.Allocation, Peer, "a"u8));
        Assert.Equal([new Output.Sent(stream.Tuple, "4000000461626364")], _server.ReceiveFromPeer(stream.Allocation, Peer, "abcd"u8));
        Assert.Equal([new Output.Sent(stream.Tuple, "40000000")], _server.ReceiveFromPeer(stream.Allocation, Peer, []));
    }

    private static PeerAddress PeerOf(string text) => new(TransportAddress.Parse(text));
}
