using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>Nonces are stateless, bound to an address, and have two live keys.</summary>
public sealed class NonceTests
{
    private readonly TurnHarness _server = new();

    [Fact]
    public void A_nonce_is_good_for_its_lifetime_and_then_438_brings_a_new_one()
    {
        var client = new TurnClient(_server).Allocated();
        _server.Sleep(TimeSpan.FromMinutes(9));
        Assert.Equal(StunErrorCode.None, client.Refresh(3600).ErrorCode);
        _server.Sleep(TimeSpan.FromMinutes(20));
        Assert.Equal(StunErrorCode.None, client.Refresh(3600).ErrorCode);
        _server.Sleep(TimeSpan.FromMinutes(2));
        var stale = client.Refresh(3600);
        Assert.Equal(StunErrorCode.StaleNonce, stale.ErrorCode);
        Assert.Equal([StunAttributeType.ErrorCode, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.PasswordAlgorithms], stale.AttributeTypes);

        stale.Message.TryGet(StunAttributeType.Nonce, out var fresh);
        client.Nonce = fresh.ToArray();
        Assert.Equal(StunErrorCode.None, client.Refresh(3600).ErrorCode);
    }

    [Theory]
    [InlineData("203.0.113.10:40000", TransportProtocol.Udp)]
    [InlineData("203.0.113.9:40001", TransportProtocol.Udp)]
    [InlineData("[2001:db8::9]:40000", TransportProtocol.Udp)]
    [InlineData("203.0.113.9:40000", TransportProtocol.Tcp)]
    public void A_nonce_is_worthless_at_another_address(string address, TransportProtocol protocol)
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        Assert.Equal(StunErrorCode.StaleNonce, new TurnClient(_server, address, protocol) { Nonce = client.Nonce }.Allocate().ErrorCode);
    }

    [Fact]
    public void Two_clients_never_get_the_same_nonce()
    {
        var (one, other) = (new TurnClient(_server), new TurnClient(_server, "203.0.113.9:40001"));
        one.FetchNonce();
        other.FetchNonce();
        Assert.NotEqual(one.Nonce, other.Nonce);
    }

    [Fact]
    public void No_byte_of_a_nonce_can_be_changed()
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        var good = client.Nonce;
        for (var i = 0; i < good.Length; i++)
        {
            client.Nonce = [.. good];
            client.Nonce[i] = client.Nonce[i] == (byte)'A' ? (byte)'Q' : (byte)'A';
            Assert.Equal(StunErrorCode.StaleNonce, client.Allocate().ErrorCode);
        }

        client.Nonce = [.. good, (byte)'A'];
        Assert.Equal(StunErrorCode.StaleNonce, client.Allocate().ErrorCode);
        client.Nonce = good[..^1];
        Assert.Equal(StunErrorCode.StaleNonce, client.Allocate().ErrorCode);
    }

    [Fact]
    public void After_a_rotation_the_key_before_is_good_and_the_one_before_that_is_not()
    {
        var client = new TurnClient(_server).Allocated();
        _server.Registry.RotateNonceKey(Key(1));
        Assert.Equal(StunErrorCode.None, client.Refresh().ErrorCode);
        _server.Registry.RotateNonceKey(Key(2));
        Assert.Equal(StunErrorCode.StaleNonce, client.Refresh().ErrorCode);

        static byte[] Key(byte value)
        {
            var key = new byte[32];
            key.AsSpan().Fill(value);
            return key;
        }
    }

    [Fact]
    public void Nodes_that_share_a_key_accept_each_others_nonces()
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        var node = new TurnHarness();
        Assert.Equal(StunErrorCode.None, new TurnClient(node) { Nonce = client.Nonce }.Allocate().ErrorCode);
    }

    [Fact]
    public void A_node_whose_clock_is_a_little_behind_accepts_too()
    {
        _server.Sleep(TimeSpan.FromSeconds(20));
        var client = new TurnClient(_server);
        client.FetchNonce();
        Assert.Equal(StunErrorCode.None, new TurnClient(new TurnHarness()) { Nonce = client.Nonce }.Allocate().ErrorCode);
    }
}
