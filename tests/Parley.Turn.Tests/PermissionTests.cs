using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>RFC 8656 sections 9 and 10.</summary>
public sealed class PermissionTests
{
    private readonly TurnHarness _server = new();
    private readonly TurnClient _client;

    public PermissionTests() => _client = new TurnClient(_server).Allocated();

    [Fact]
    public void A_permission_admits_every_port_of_its_address_for_300_seconds()
    {
        var id = _client.Allocation;
        var outputs = _client.RequestOutputs(StunMethod.CreatePermission, TurnClient.Peers("203.0.113.77:1"));
        var reply = new Reply(Assert.IsType<Output.Sent>(Assert.Single(outputs)).Bytes);
        Assert.Equal(StunErrorCode.None, reply.ErrorCode);
        Assert.Empty(reply.AttributeTypes);
        Assert.True(reply.Message.IsIntegrityValid(_client.Key()));

        Assert.Single(_server.ReceiveFromPeer(id, "203.0.113.77:5000", "a"u8));
        Assert.Single(_server.ReceiveFromPeer(id, "203.0.113.77:6000", "b"u8));
        Assert.Empty(_server.ReceiveFromPeer(id, "203.0.113.78:5000", "c"u8));

        _server.Sleep(TimeSpan.FromSeconds(299.9));
        Assert.Single(_server.ReceiveFromPeer(id, "203.0.113.77:5000", "d"u8));
        _server.Sleep(TimeSpan.FromSeconds(0.1));
        Assert.Empty(_server.ReceiveFromPeer(id, "203.0.113.77:5000", "e"u8));
        Assert.Empty(_server.Advance(TimeSpan.Zero));
    }

    [Fact]
    public void A_refreshed_permission_lives_on_and_data_does_not_refresh_it()
    {
        var id = _client.Allocation;
        _client.CreatePermission("203.0.113.77:1");
        _server.Advance(TimeSpan.FromSeconds(200));
        Assert.Single(_client.RequestOutputs(StunMethod.CreatePermission, TurnClient.Peers("203.0.113.77:2")));
        Assert.Empty(_server.Advance(TimeSpan.FromSeconds(200)));
        Assert.Single(_server.ReceiveFromPeer(id, "203.0.113.77:5000", "a"u8));
        Assert.Single(_client.SendIndication("203.0.113.77:5000", "a"u8));
        _server.Advance(TimeSpan.FromSeconds(100));
        Assert.Empty(_server.ReceiveFromPeer(id, "203.0.113.77:5000", "a"u8));
    }

    [Fact]
    public void Several_peers_are_permitted_at_once_or_none()
    {
        var id = _client.Allocation;
        Assert.Equal(StunErrorCode.None, _client.CreatePermission("203.0.113.77:1", "203.0.113.78:1").ErrorCode);
        Assert.Single(_server.ReceiveFromPeer(id, "203.0.113.78:5000", "a"u8));

        Assert.Equal(StunErrorCode.Forbidden, _client.CreatePermission("203.0.113.79:1", "127.0.0.1:1").ErrorCode);
        Assert.Empty(_server.ReceiveFromPeer(id, "203.0.113.79:5000", "a"u8));
        Assert.Equal(StunErrorCode.PeerAddressFamilyMismatch, _client.CreatePermission("203.0.113.79:1", "[2001:db8::77]:1").ErrorCode);
        Assert.Empty(_server.ReceiveFromPeer(id, "203.0.113.79:5000", "a"u8));
        Assert.Equal(StunErrorCode.BadRequest, _client.Request(StunMethod.CreatePermission, static (ref StunWriter writer) =>
        {
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse("203.0.113.79:1"));
            writer.Add(StunAttributeType.XorPeerAddress, [0, 1, 0, 0]);
        }).ErrorCode);
        Assert.Empty(_server.ReceiveFromPeer(id, "203.0.113.79:5000", "a"u8));
    }

    [Fact]
    public void Without_a_peer_address_the_request_is_bad() =>
        Assert.Equal(StunErrorCode.BadRequest, _client.CreatePermission().ErrorCode);

    [Fact]
    public void Permissions_of_one_allocation_mean_nothing_to_another()
    {
        var other = new TurnClient(_server, "203.0.113.9:40001").Allocated();
        _client.CreatePermission("203.0.113.77:1");
        Assert.Empty(_server.ReceiveFromPeer(other.Allocation, "203.0.113.77:5000", "a"u8));
    }

    [Fact]
    public void Permissions_end_with_their_allocation()
    {
        _client.CreatePermission("203.0.113.77:1");
        _client.Refresh(0);
        _client.Allocated();
        Assert.Empty(_server.ReceiveFromPeer(_client.Allocation, "203.0.113.77:5000", "a"u8));
    }

    [Fact]
    public void An_unknown_required_attribute_is_a_420() =>
        Assert.Equal(StunErrorCode.UnknownAttribute, _client.Request(StunMethod.CreatePermission, static (ref StunWriter writer) =>
        {
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse("203.0.113.77:1"));
            writer.Add((StunAttributeType)0x7F01, []);
        }).ErrorCode);
}
