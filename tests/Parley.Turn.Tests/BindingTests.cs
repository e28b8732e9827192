using Parley.Stun;

namespace Parley.Turn.Tests;

public sealed class BindingTests
{
    [Theory]
    [InlineData("203.0.113.9:40000", "198.51.100.1:3478")]
    [InlineData("[2001:db8::9]:40000", "[2001:db8::1]:3478")]
    public void A_client_learns_the_address_that_the_server_sees(string client, string server)
    {
        var shard = new TurnRegistry(new TurnSettings(), new byte[32]).CreateShard(new byte[32]);
        var tuple = new FiveTuple(TransportProtocol.Udp, TransportAddress.Parse(client), TransportAddress.Parse(server));
        var id = new TransactionId(1, 2);
        var request = new byte[64];
        var writer = new StunWriter(request, StunClass.Request, StunMethod.Binding, id);
        Assert.True(writer.TryFinish(out var bytes));

        List<Output> outputs = [];
        var sink = new RecordingSink(outputs);
        shard.ReceiveFromClient(tuple, request.AsSpan(0, bytes.Length), new Instant(1), ref sink);

        var sent = Assert.IsType<Output.Sent>(Assert.Single(outputs));
        Assert.Equal(tuple, sent.Client);
        Assert.True(StunMessage.TryParse(sent.Bytes, out var reply));
        Assert.Equal(StunClass.SuccessResponse, reply.Class);
        Assert.Equal(id, reply.TransactionId);
        Assert.True(reply.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal(client, mapped.ToString());
    }
}
