using Parley.Stun;

namespace Parley.Turn.Tests;

public sealed class BindingTests
{
    private readonly TurnHarness _server = new();

    [Theory]
    [InlineData("203.0.113.9:40000", TransportProtocol.Udp)]
    [InlineData("203.0.113.9:40000", TransportProtocol.Tls)]
    [InlineData("[2001:db8::9]:40000", TransportProtocol.Udp)]
    public void A_client_learns_the_address_that_the_server_sees(string address, TransportProtocol protocol)
    {
        var client = new TurnClient(_server, address, protocol);
        var id = TurnClient.NextTransactionId();
        var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(StunMethod.Binding, authenticate: false, id: id))));
        var reply = new Reply(sent.Bytes);
        Assert.Equal(client.Tuple, sent.Client);
        Assert.Equal(StunClass.SuccessResponse, reply.Message.Class);
        Assert.Equal(StunMethod.Binding, reply.Message.Method);
        Assert.Equal(id, reply.Message.TransactionId);
        Assert.True(reply.Message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal(address, mapped.ToString());
        Assert.Equal([StunAttributeType.XorMappedAddress], reply.AttributeTypes);
    }

    [Fact]
    public void A_fingerprint_is_answered_with_a_fingerprint()
    {
        var client = new TurnClient(_server);
        var request = client.Build(StunMethod.Binding, authenticate: false, afterIntegrity: static (ref StunWriter writer) => writer.AddFingerprint());
        var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(request)));
        Assert.True(new Reply(sent.Bytes).Message.IsFingerprintValid);
    }

    [Fact]
    public void A_wrong_fingerprint_is_discarded()
    {
        var client = new TurnClient(_server);
        var request = client.Build(StunMethod.Binding, authenticate: false, afterIntegrity: static (ref StunWriter writer) => writer.AddFingerprint());
        request[^1] ^= 1;
        Assert.Empty(client.Send(request));
        Assert.Equal(1, _server.Shard.Counters.Drops(TurnDropReason.Malformed));
    }

    [Fact]
    public void Unknown_required_attributes_are_listed_in_420_and_unknown_optional_ones_ignored()
    {
        var client = new TurnClient(_server);
        var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(StunMethod.Binding, authenticate: false, static (ref StunWriter writer) =>
        {
            writer.Add((StunAttributeType)0x0003, [0, 0, 0, 2]);
            writer.Add((StunAttributeType)0xC057, [0, 0, 0, 2]);
            writer.Add((StunAttributeType)0x7777, []);
        }))));
        var reply = new Reply(sent.Bytes);
        Assert.Equal(StunErrorCode.UnknownAttribute, reply.ErrorCode);
        Assert.True(reply.Message.TryGet(StunAttributeType.UnknownAttributes, out var unknown));
        Assert.Equal([0x00, 0x03, 0x77, 0x77], unknown.ToArray());
    }

    [Fact]
    public void Indications_responses_and_unknown_methods_are_not_answered()
    {
        var client = new TurnClient(_server);
        foreach (var messageClass in (StunClass[])[StunClass.Indication, StunClass.SuccessResponse, StunClass.ErrorResponse])
        {
            Assert.Empty(client.Send(Message(messageClass, StunMethod.Binding)));
        }

        Assert.Empty(client.Send(Message(StunClass.Request, (StunMethod)0x00B)));
        Assert.Empty(client.Send(Message(StunClass.Request, StunMethod.Send)));
        Assert.Empty(client.Send(Message(StunClass.Indication, StunMethod.Allocate)));

        static byte[] Message(StunClass messageClass, StunMethod method)
        {
            var writer = new StunWriter(new byte[64], messageClass, method, TurnClient.NextTransactionId());
            Assert.True(writer.TryFinish(out var message));
            return message.ToArray();
        }
    }
}
