using System.Security.Cryptography;
using System.Text;
using Parley.Stun;

namespace Parley.Turn.Hosting.Tests.Client;

/// <summary>A client that reads only when it is told to.</summary>
internal sealed class SlowClient(MessageTransport transport) : IAsyncDisposable
{
    private byte[] _nonce = [];
    private byte[] _realm = [];

    /// <summary>Allocates, binds a channel to the peer, and stops reading.</summary>
    public async Task<TransportAddress> AllocateAsync(TransportAddress peer, ushort channel)
    {
        await RequestAsync(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(17));
        var response = await RequestAsync(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(17));
        var relayed = RelayedAddressIn(response);
        await RequestAsync(StunMethod.ChannelBind, (ref StunWriter writer) =>
        {
            writer.AddChannelNumber(channel);
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
        });
        return relayed;
    }

    /// <summary>Reads until a packet comes that was stamped after <paramref name="since"/> (milliseconds in its first bytes); returns how many older ones came first.</summary>
    public async Task<int> ReadUntilFreshAsync(Action sendFresh, long since)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var stale = 0; ; stale++)
        {
            sendFresh();
            var message = await transport.ReceiveAsync(patience.Token);
            Assert.True(ChannelData.TryParse(message, out _, out var data));
            if (BitConverter.ToInt64(data) >= since)
            {
                return stale;
            }
        }
    }

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    private static TransportAddress RelayedAddressIn(byte[] response)
    {
        Assert.True(StunMessage.TryParse(response, out var allocated));
        Assert.True(allocated.TryGetXorAddress(StunAttributeType.XorRelayedAddress, out var relayed));
        return relayed;
    }

    private async Task<byte[]> RequestAsync(StunMethod method, TestClient.AddAttributes add)
    {
        await transport.SendAsync(Build(method, add));
        var response = await transport.ReceiveAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException();
        Learn(response);
        return response;
    }

    private void Learn(byte[] response)
    {
        Assert.True(StunMessage.TryParse(response, out var parsed));
        if (parsed.TryGet(StunAttributeType.Nonce, out var nonce) && parsed.TryGet(StunAttributeType.Realm, out var realm))
        {
            (_nonce, _realm) = (nonce.ToArray(), realm.ToArray());
        }
    }

    private byte[] Build(StunMethod method, TestClient.AddAttributes add)
    {
        var writer = new StunWriter(new byte[1024], StunClass.Request, method, TransactionId.Read(RandomNumberGenerator.GetBytes(TransactionId.Size)));
        add(ref writer);
        if (_nonce.Length > 0)
        {
            Span<byte> key = stackalloc byte[LongTermCredential.MaxKeySize];
            var size = LongTermCredential.WriteKey(PasswordAlgorithm.None, Encoding.UTF8.GetBytes(TurnHost.UserName), _realm, Encoding.UTF8.GetBytes(TurnHost.Password), key);
            writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(TurnHost.UserName));
            writer.Add(StunAttributeType.Realm, _realm);
            writer.Add(StunAttributeType.Nonce, _nonce);
            writer.AddMessageIntegrity(key[..size]);
        }

        Assert.True(writer.TryFinish(out var message));
        return message.ToArray();
    }
}
