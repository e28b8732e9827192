using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Parley.Stun;

namespace Parley.Turn.Hosting.Tests.Client;

/// <summary>What a client received from a peer.</summary>
/// <param name="Channel">The channel that it came on; zero for a Data indication.</param>
/// <param name="Peer">The peer that a Data indication named.</param>
/// <param name="Payload">The data.</param>
internal sealed record Received(ushort Channel, TransportAddress Peer, byte[] Payload);

/// <summary>A TURN client on real sockets, over any transport. One loop receives; answers find their requests, data waits in order.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Retransmission = TimeSpan.FromSeconds(1);

    private readonly MessageTransport _transport;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<Received> _data = Channel.CreateUnbounded<Received>();
    private readonly Channel<(TransportAddress Peer, byte Type, byte Code)> _unreachable = Channel.CreateUnbounded<(TransportAddress, byte, byte)>();
    private readonly Channel<byte[]> _responses = Channel.CreateUnbounded<byte[]>();
    private readonly Task _receiving;
    private byte[] _nonce = [];
    private byte[] _realm = [];

    public TestClient(MessageTransport transport)
    {
        _transport = transport;
        _receiving = ReceiveAsync();
    }

    public delegate void AddAttributes(ref StunWriter writer);

    public required string UserName { get; set; }

    public required string Password { get; set; }

    public TransportAddress RelayedAddress { get; private set; }

    public TransportAddress MappedAddress { get; private set; }

    public ulong ReservationToken { get; private set; }

    public MessageTransport Transport => _transport;

    /// <summary>Ends when the server has closed the connection.</summary>
    public Task Closed => _receiving;

    public async Task<TransportAddress> AllocateAsync(AddAttributes? add = null)
    {
        Assert.Equal(StunErrorCode.None, await RequestAsync(StunMethod.Allocate, (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(17);
            add?.Invoke(ref writer);
        }));
        return RelayedAddress;
    }

    public async Task PermitAsync(TransportAddress peer) => Assert.Equal(
        StunErrorCode.None,
        await RequestAsync(StunMethod.CreatePermission, (ref StunWriter writer) => writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer)));

    public async Task BindAsync(ushort channel, TransportAddress peer) => Assert.Equal(
        StunErrorCode.None,
        await RequestAsync(StunMethod.ChannelBind, (ref StunWriter writer) =>
        {
            writer.AddChannelNumber(channel);
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
        }));

    public Task<StunErrorCode> RefreshAsync(uint lifetime) =>
        RequestAsync(StunMethod.Refresh, (ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, lifetime));

    /// <summary>Sends a request, answers a 401 or 438 with credentials, and returns the error of the final answer.</summary>
    public async Task<StunErrorCode> RequestAsync(StunMethod method, AddAttributes add)
    {
        var code = await TryAsync(method, add);
        return code is StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce ? await TryAsync(method, add) : code;
    }

    public ValueTask SendAsync(ushort channel, ReadOnlySpan<byte> payload)
    {
        var message = new byte[ChannelData.HeaderSize + payload.Length];
        ChannelData.WriteHeader(message, channel, payload.Length);
        payload.CopyTo(message.AsSpan(ChannelData.HeaderSize));
        return _transport.SendAsync(message);
    }

    public ValueTask IndicateAsync(TransportAddress peer, ReadOnlySpan<byte> payload, bool dontFragment = false)
    {
        var buffer = new byte[payload.Length + 100];
        var writer = new StunWriter(buffer, StunClass.Indication, StunMethod.Send, NextTransactionId());
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
        if (dontFragment)
        {
            writer.Add(StunAttributeType.DontFragment, []);
        }

        writer.Add(StunAttributeType.Data, payload);
        Assert.True(writer.TryFinish(out var message));
        return _transport.SendAsync(message.ToArray());
    }

    /// <summary>The next data from a peer.</summary>
    public async Task<Received> DataAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _data.Reader.ReadAsync(patience.Token);
    }

    /// <summary>The next report that a peer cannot be reached: ICMP type and code.</summary>
    public async Task<(TransportAddress Peer, byte Type, byte Code)> UnreachableAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _unreachable.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Data that has arrived and nobody has taken.</summary>
    public List<Received> Waiting()
    {
        var waiting = new List<Received>();
        while (_data.Reader.TryRead(out var received))
        {
            waiting.Add(received);
        }

        return waiting;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _transport.DisposeAsync();
        await _receiving;
        _closing.Dispose();
    }

    private static TransactionId NextTransactionId() => TransactionId.Read(RandomNumberGenerator.GetBytes(TransactionId.Size));

    /// <summary>Sends a request, and again until it is answered. The error of the answer.</summary>
    public async Task<StunErrorCode> TryAsync(StunMethod method, AddAttributes add)
    {
        var transaction = NextTransactionId();
        var message = Build(method, transaction, add);
        for (var attempt = 0; attempt < Patience / Retransmission; attempt++)
        {
            if (attempt == 0 || _transport is not StreamTransport)
            {
                await _transport.SendAsync(message);
            }

            using var wait = new CancellationTokenSource(Retransmission);
            try
            {
                while (true)
                {
                    var response = await _responses.Reader.ReadAsync(wait.Token);
                    if (TryRead(response, transaction, out var code))
                    {
                        return code;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Once more.
            }
        }

        throw new TimeoutException($"No answer to {method}.");
    }

    private byte[] Build(StunMethod method, TransactionId transaction, AddAttributes add)
    {
        var writer = new StunWriter(new byte[1024], StunClass.Request, method, transaction);
        add(ref writer);
        if (_nonce.Length > 0)
        {
            Span<byte> key = stackalloc byte[LongTermCredential.MaxKeySize];
            var size = LongTermCredential.WriteKey(PasswordAlgorithm.None, Encoding.UTF8.GetBytes(UserName), _realm, Encoding.UTF8.GetBytes(Password), key);
            writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(UserName));
            writer.Add(StunAttributeType.Realm, _realm);
            writer.Add(StunAttributeType.Nonce, _nonce);
            writer.AddMessageIntegrity(key[..size]);
        }

        Assert.True(writer.TryFinish(out var message));
        return message.ToArray();
    }

    private bool TryRead(byte[] bytes, TransactionId transaction, out StunErrorCode code)
    {
        Assert.True(StunMessage.TryParse(bytes, out var response));
        if (response.TransactionId != transaction)
        {
            code = default;
            return false;
        }

        if (response.TryGet(StunAttributeType.Nonce, out var nonce))
        {
            _nonce = nonce.ToArray();
        }

        if (response.TryGet(StunAttributeType.Realm, out var realm))
        {
            _realm = realm.ToArray();
        }

        if (response.TryGetXorAddress(StunAttributeType.XorRelayedAddress, out var relayed))
        {
            RelayedAddress = relayed;
        }

        if (response.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped))
        {
            MappedAddress = mapped;
        }

        if (response.TryGetReservationToken(out var token))
        {
            ReservationToken = token;
        }

        if (!response.TryGetErrorCode(out code, out _))
        {
            code = StunErrorCode.None;
        }

        return true;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await _transport.ReceiveAsync(_closing.Token) is { } message)
            {
                Sort(message);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // Closed by us, or nobody there.
        }

        _data.Writer.TryComplete();
        _responses.Writer.TryComplete();
    }

    private void Sort(byte[] message)
    {
        if (ChannelData.TryParse(message, out var channel, out var payload))
        {
            _data.Writer.TryWrite(new Received(channel, default, payload.ToArray()));
        }
        else if (StunMessage.TryParse(message, out var stun) && stun.Class == StunClass.Indication)
        {
            Assert.True(stun.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var peer));
            if (stun.TryGet(StunAttributeType.Icmp, out var icmp))
            {
                _unreachable.Writer.TryWrite((peer, icmp[2], icmp[3]));
                return;
            }

            _data.Writer.TryWrite(new Received(0, peer, stun.TryGet(StunAttributeType.Data, out var data) ? data.ToArray() : []));
        }
        else
        {
            _responses.Writer.TryWrite(message);
        }
    }
}
