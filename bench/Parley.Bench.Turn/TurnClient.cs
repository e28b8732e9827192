using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Parley.Stun;

namespace Parley.Bench.Turn;

/// <summary>
/// A client's side of the protocol for setting up a load: Allocate with its 401, CreatePermission, ChannelBind. Blocking, with
/// retransmission; the data path is the generator's.
/// </summary>
internal sealed class TurnClient : IDisposable
{
    public const string UserName = "bench";
    public const string Password = "secret";

    private readonly Socket _socket;
    private readonly byte[] _reply = new byte[2048];
    private byte[] _nonce = [];
    private byte[] _realm = [];
    private byte[] _key = [];

    public TurnClient(IPEndPoint server)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 500 };
        _socket.Connect(server);
    }

    /// <summary>The socket, for the generator to take over.</summary>
    public Socket Socket => _socket;

    public TransportAddress RelayedAddress { get; private set; }

    public void Allocate()
    {
        // The first one learns realm and nonce from its 401.
        if (Request(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(17)) == StunErrorCode.Unauthenticated)
        {
            Succeed(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(17));
        }
    }

    public void CreatePermission(TransportAddress peer) =>
        Succeed(StunMethod.CreatePermission, (ref StunWriter writer) => writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer));

    public void BindChannel(ushort channel, TransportAddress peer) =>
        Succeed(StunMethod.ChannelBind, (ref StunWriter writer) =>
        {
            writer.AddChannelNumber(channel);
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
        });

    public void Dispose() => _socket.Dispose();

    private delegate void AddAttributes(ref StunWriter writer);

    private void Succeed(StunMethod method, AddAttributes add)
    {
        var code = Request(method, add);
        if (code == StunErrorCode.StaleNonce)
        {
            code = Request(method, add);
        }

        if (code != StunErrorCode.None)
        {
            throw new InvalidOperationException($"{method} was refused with {(int)code}.");
        }
    }

    private StunErrorCode Request(StunMethod method, AddAttributes add)
    {
        var buffer = new byte[1024];
        var transaction = TransactionId.Read(RandomNumberGenerator.GetBytes(TransactionId.Size));
        var writer = new StunWriter(buffer, StunClass.Request, method, transaction);
        add(ref writer);
        if (_key.Length > 0)
        {
            writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(UserName));
            writer.Add(StunAttributeType.Realm, _realm);
            writer.Add(StunAttributeType.Nonce, _nonce);
            writer.AddMessageIntegrity(_key);
        }

        if (!writer.TryFinish(out var message))
        {
            throw new InvalidOperationException("The request is too long.");
        }

        for (var attempt = 0; attempt < 40; attempt++)
        {
            TrySend(message);
            while (TryReceive(out var length))
            {
                if (StunMessage.TryParse(_reply.AsSpan(0, length), out var reply) && reply.TransactionId == transaction)
                {
                    return Read(reply);
                }
            }
        }

        throw new TimeoutException($"The server does not answer {method}.");
    }

    private void TrySend(ReadOnlySpan<byte> message)
    {
        try
        {
            _socket.Send(message);
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.ConnectionRefused)
        {
            // The server is still starting.
            Thread.Sleep(100);
        }
    }

    private bool TryReceive(out int length)
    {
        try
        {
            length = _socket.Receive(_reply);
            return true;
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.TimedOut or SocketError.ConnectionRefused or SocketError.WouldBlock)
        {
            Thread.Sleep(ex.SocketErrorCode == SocketError.ConnectionRefused ? 100 : 0);
            length = 0;
            return false;
        }
    }

    private StunErrorCode Read(in StunMessage reply)
    {
        if (reply.TryGet(StunAttributeType.Nonce, out var nonce))
        {
            _nonce = nonce.ToArray();
        }

        if (reply.TryGet(StunAttributeType.Realm, out var realm))
        {
            _realm = realm.ToArray();
            Span<byte> key = stackalloc byte[LongTermCredential.MaxKeySize];
            var size = LongTermCredential.WriteKey(PasswordAlgorithm.None, Encoding.UTF8.GetBytes(UserName), realm, Encoding.UTF8.GetBytes(Password), key);
            _key = key[..size].ToArray();
        }

        if (reply.TryGetXorAddress(StunAttributeType.XorRelayedAddress, out var relayed))
        {
            RelayedAddress = relayed;
        }

        return reply.TryGetErrorCode(out var code, out _) ? code : StunErrorCode.None;
    }
}
