using System.Text;
using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>A TURN client that says exactly what a test wants said.</summary>
internal sealed class TurnClient(TurnHarness server, string address = "203.0.113.9:40000", TransportProtocol protocol = TransportProtocol.Udp)
{
    private static readonly PasswordAlgorithm[] Offered = [PasswordAlgorithm.Sha256, PasswordAlgorithm.Md5];
    private static uint _transactions;

    public FiveTuple Tuple { get; } = new(protocol, TransportAddress.Parse(address), TransportAddress.Parse(address[0] == '[' ? "[2001:db8:ffff::1]:3478" : "198.51.100.1:3478"));

    public string Username { get; set; } = "alice";

    public string Password { get; set; } = "wonderland";

    /// <summary>None: as RFC 5389 clients do, MD5 without naming it.</summary>
    public PasswordAlgorithm Algorithm { get; set; }

    public bool UseUserhash { get; set; }

    public byte[] Nonce { get; set; } = [];

    public AllocationId Allocation
    {
        get
        {
            Assert.True(server.Shard.TryFindAllocation(Tuple, server.Now, out var id));
            return id;
        }
    }

    public bool HasAllocation => server.Shard.TryFindAllocation(Tuple, server.Now, out _);

    public static TransactionId NextTransactionId() => new(0x0102030405060708, Interlocked.Increment(ref _transactions));

    public static TurnClient WithTimeLimitedCredential(TurnHarness server, string user, TimeSpan validFor, string address = "203.0.113.9:40000")
    {
        var credential = TimeLimitedCredential.Mint(TurnHarness.Secret, user, server.WallClock + validFor);
        return new TurnClient(server, address) { Username = credential.Username, Password = credential.Password };
    }

    /// <summary>Asks without credentials and keeps the nonce of the answer.</summary>
    public Reply FetchNonce()
    {
        var reply = Single(Send(Build(StunMethod.Allocate, authenticate: false, static (ref StunWriter writer) => writer.AddRequestedTransport(17))));
        Assert.Equal(StunErrorCode.Unauthenticated, reply.ErrorCode);
        Assert.True(reply.Message.TryGet(StunAttributeType.Nonce, out var nonce));
        Nonce = nonce.ToArray();
        return reply;
    }

    /// <summary>Sends an authenticated request and returns the one reply.</summary>
    public Reply Request(StunMethod method, WriteAttributes? attributes = null) => Single(RequestOutputs(method, attributes));

    /// <summary>Sends an authenticated request and returns all that comes out.</summary>
    public List<Output> RequestOutputs(StunMethod method, WriteAttributes? attributes = null)
    {
        if (Nonce.Length == 0)
        {
            FetchNonce();
        }

        return Send(Build(method, authenticate: true, attributes));
    }

    public Reply Allocate(WriteAttributes? attributes = null) => Single(AllocateOutputs(attributes));

    public List<Output> AllocateOutputs(WriteAttributes? attributes = null) =>
        RequestOutputs(StunMethod.Allocate, (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(17);
            attributes?.Invoke(ref writer);
        });

    /// <summary>Allocates, and fails the test if that does not work.</summary>
    public TurnClient Allocated(WriteAttributes? attributes = null)
    {
        Assert.Equal(StunErrorCode.None, Allocate(attributes).ErrorCode);
        return this;
    }

    public Reply Refresh(uint? lifetime = null, AddressFamily family = AddressFamily.None) =>
        Request(StunMethod.Refresh, (ref StunWriter writer) =>
        {
            if (lifetime is { } seconds)
            {
                writer.AddUInt32(StunAttributeType.Lifetime, seconds);
            }

            if (family != AddressFamily.None)
            {
                writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, family);
            }
        });

    public Reply CreatePermission(params string[] peers) => Request(StunMethod.CreatePermission, Peers(peers));

    public Reply ChannelBind(ushort channel, string peer) =>
        Request(StunMethod.ChannelBind, (ref StunWriter writer) =>
        {
            writer.AddChannelNumber(channel);
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(peer));
        });

    public List<Output> SendIndication(string peer, ReadOnlySpan<byte> data, bool dontFragment = false)
    {
        var writer = new StunWriter(new byte[70_000], StunClass.Indication, StunMethod.Send, NextTransactionId());
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(peer));
        writer.Add(StunAttributeType.Data, data);
        if (dontFragment)
        {
            writer.Add(StunAttributeType.DontFragment, default);
        }

        Assert.True(writer.TryFinish(out var message));
        return server.Receive(Tuple, message);
    }

    public List<Output> SendChannelData(ushort channel, ReadOnlySpan<byte> data)
    {
        var message = new byte[ChannelData.HeaderSize + data.Length];
        ChannelData.WriteHeader(message, channel, data.Length);
        data.CopyTo(message.AsSpan(ChannelData.HeaderSize));
        return server.Receive(Tuple, message);
    }

    public List<Output> Send(byte[] message) => server.Receive(Tuple, message);

    public static WriteAttributes Peers(params string[] peers) => (ref StunWriter writer) =>
    {
        foreach (var peer in peers)
        {
            writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(peer));
        }
    };

    /// <summary>A request as this client would send it.</summary>
    public byte[] Build(StunMethod method, bool authenticate, WriteAttributes? attributes = null, TransactionId? id = null, WriteAttributes? afterIntegrity = null)
    {
        var writer = new StunWriter(new byte[2048], StunClass.Request, method, id ?? NextTransactionId());
        attributes?.Invoke(ref writer);
        if (authenticate)
        {
            AddCredentials(ref writer);
            var key = Key();
            if (Algorithm == PasswordAlgorithm.None)
            {
                writer.AddMessageIntegrity(key);
            }
            else
            {
                writer.AddMessageIntegritySha256(key);
            }
        }

        afterIntegrity?.Invoke(ref writer);
        Assert.True(writer.TryFinish(out var message));
        return message.ToArray();
    }

    public byte[] Key()
    {
        var key = new byte[32];
        var size = LongTermCredential.WriteKey(Algorithm, Encoding.UTF8.GetBytes(Username), "parley"u8, Encoding.UTF8.GetBytes(Password), key);
        return key[..size];
    }

    public void AddCredentials(ref StunWriter writer)
    {
        if (UseUserhash)
        {
            var hash = new byte[32];
            LongTermCredential.TryWriteUserhash(Encoding.UTF8.GetBytes(Username), "parley"u8, hash);
            writer.Add(StunAttributeType.Userhash, hash);
        }
        else
        {
            writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(Username));
        }

        writer.Add(StunAttributeType.Realm, "parley"u8);
        writer.Add(StunAttributeType.Nonce, Nonce);
        if (Algorithm != PasswordAlgorithm.None)
        {
            writer.AddPasswordAlgorithms(Offered);
            writer.AddPasswordAlgorithm(Algorithm);
        }
    }

    private Reply Single(List<Output> outputs)
    {
        var sent = Assert.Single(outputs.OfType<Output.Sent>());
        Assert.Equal(Tuple, sent.Client);
        return new Reply(sent.Bytes);
    }
}

internal delegate void WriteAttributes(ref StunWriter writer);

/// <summary>A response, readable beyond the call that took it.</summary>
internal sealed class Reply(byte[] bytes)
{
    public byte[] Bytes => bytes;

    public StunMessage Message
    {
        get
        {
            Assert.True(StunMessage.TryParse(bytes, out var message));
            return message;
        }
    }

    /// <summary>None for a success response.</summary>
    public StunErrorCode ErrorCode
    {
        get
        {
            if (Message.Class == StunClass.SuccessResponse)
            {
                return StunErrorCode.None;
            }

            Assert.Equal(StunClass.ErrorResponse, Message.Class);
            Assert.True(Message.TryGetErrorCode(out var code, out _));
            return code;
        }
    }

    public uint Lifetime
    {
        get
        {
            Assert.True(Message.TryGetLifetime(out var seconds));
            return seconds;
        }
    }

    public string[] RelayedAddresses
    {
        get
        {
            List<string> addresses = [];
            foreach (var attribute in Message.Attributes)
            {
                if (attribute.Type == StunAttributeType.XorRelayedAddress)
                {
                    Assert.True(Message.TryDecodeXorAddress(attribute.Value, out var address));
                    addresses.Add(address.ToString());
                }
            }

            return [.. addresses];
        }
    }

    public string RelayedAddress => Assert.Single(RelayedAddresses);

    public StunAttributeType[] AttributeTypes
    {
        get
        {
            List<StunAttributeType> types = [];
            foreach (var attribute in Message.Attributes)
            {
                types.Add(attribute.Type);
            }

            return [.. types];
        }
    }
}
