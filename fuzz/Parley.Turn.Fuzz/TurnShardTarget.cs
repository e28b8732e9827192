using System.Buffers.Binary;
using Parley.Stun;

namespace Parley.Turn.Fuzz;

/// <summary>
/// A shard with two clients that have allocations, and an input that says what happens: messages as they are, requests whose
/// attributes are the input's but whose integrity is good, data of peers, time. Whatever it says, outputs are well formed and go
/// to clients and peers that they may go to, and at the end everything can be given back.
/// </summary>
internal static class TurnShardTarget
{
    private static readonly byte[] Username = "alice"u8.ToArray();
    private static readonly byte[] Key = MakeKey();
    private static readonly FiveTuple[] Clients =
    [
        new(TransportProtocol.Udp, TransportAddress.Parse("45.0.0.1:1000"), TransportAddress.Parse("44.0.0.1:3478")),
        new(TransportProtocol.Tcp, TransportAddress.Parse("[2a00::1]:1000"), TransportAddress.Parse("[2a00::44]:3478")),
    ];

    private static readonly TurnSettings Settings = new()
    {
        Users = new Dictionary<string, string> { ["alice"] = "wonderland" },
        RelayAddressIPv4 = NetworkAddress.Parse("44.0.0.1"),
        RelayAddressIPv6 = NetworkAddress.Parse("2a00::44"),
        RelayPortMin = 50_000,
        RelayPortMax = 50_015,
        MaxPermissions = 4,
        MaxChannels = 3,
        MaxAllocationsPerUser = 6,
        DontFragmentSupported = true,
    };

    public static void Run(byte[] input) => new Session().Run(input);

    private static byte[] MakeKey()
    {
        var key = new byte[LongTermCredential.MaxKeySize];
        return key[..LongTermCredential.WriteKey(PasswordAlgorithm.Md5, Username, "parley"u8, "wonderland"u8, key)];
    }

    private sealed class Session
    {
        private readonly TurnRegistry _registry = new(Settings, new byte[32]);
        private readonly CheckingEngine _engine;
        private readonly byte[][] _nonces = [[], []];

        public Session() => _engine = new CheckingEngine(_registry.CreateShard(new byte[32]), Clients);

        public void Run(ReadOnlySpan<byte> input)
        {
            for (var client = 0; client < Clients.Length; client++)
            {
                _engine.Receive(client, Request(client, StunMethod.Allocate, [0, 0x19, 0, 4, 17, 0, 0, 0]));
                _nonces[client] = _engine.LastNonce;
                _engine.Receive(client, Request(client, StunMethod.Allocate, [0, 0x19, 0, 4, 17, 0, 0, 0, 0x80, 0, 0, 4, 2, 0, 0, 0]));
            }

            // An operation, the length of what it needs, and that.
            while (input.Length >= 2)
            {
                var (operation, length) = (input[0], Math.Min(input[1], input.Length - 2));
                var argument = input.Slice(2, length);
                input = input[(2 + length)..];
                Do(operation >> 1, operation & 1, argument);
            }

            _engine.GiveEverythingBack();
            Require.That(_registry.TakeInventory() == default, $"Left over: {_registry.TakeInventory()}");
        }

        private void Do(int operation, int client, ReadOnlySpan<byte> argument)
        {
            switch (operation % 10)
            {
                case 0:
                    _engine.Receive(client, argument.ToArray());
                    break;
                case 1:
                    _engine.Receive(client, Request(client, StunMethod.Allocate, argument));
                    break;
                case 2:
                    _engine.Receive(client, Request(client, StunMethod.Refresh, argument));
                    break;
                case 3:
                    _engine.Receive(client, Request(client, StunMethod.CreatePermission, argument));
                    break;
                case 4:
                    _engine.Receive(client, Request(client, StunMethod.ChannelBind, argument));
                    break;
                case 5:
                    _engine.Receive(client, Message(StunClass.Indication, StunMethod.Send, argument));
                    break;
                case 6 when argument.Length >= 7:
                    _engine.ReceiveFromPeer(client, new(NetworkAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(argument)), BinaryPrimitives.ReadUInt16BigEndian(argument[4..])), argument[6..]);
                    break;
                case 7 when argument.Length >= 2:
                    _engine.Advance(TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt16BigEndian(argument) % 1000));
                    break;
                case 8 when argument.Length >= 4:
                    var data = new byte[argument.Length];
                    argument.CopyTo(data);
                    ChannelData.WriteHeader(data, (ushort)(0x4000 | (argument[1] & 3)), argument.Length - 4);
                    _engine.Receive(client, data);
                    break;
                case 9 when argument.Length >= 1:
                    _engine.Answer = argument[0];
                    break;
            }
        }

        private byte[] Request(int client, StunMethod method, ReadOnlySpan<byte> attributes)
        {
            var body = Message(StunClass.Request, method, attributes);
            if (_nonces[client].Length == 0)
            {
                return body;
            }

            // The attributes of the input, as far as they can be read; then credentials and integrity as they must be.
            var writer = new StunWriter(new byte[1024], StunClass.Request, method, new TransactionId(1, (uint)attributes.Length));
            if (StunMessage.TryParse(body, out var parsed))
            {
                foreach (var attribute in parsed.Attributes)
                {
                    writer.Add(attribute.Type, attribute.Value);
                }
            }

            writer.Add(StunAttributeType.Username, Username);
            writer.Add(StunAttributeType.Realm, "parley"u8);
            writer.Add(StunAttributeType.Nonce, _nonces[client]);
            writer.AddMessageIntegrity(Key);
            Require.That(writer.TryFinish(out var message), "The request does not fit.");
            return message.ToArray();
        }

        private static byte[] Message(StunClass messageClass, StunMethod method, ReadOnlySpan<byte> attributes)
        {
            var writer = new StunWriter(new byte[StunHeader.Size], messageClass, method, new TransactionId(1, (uint)attributes.Length));
            writer.TryFinish(out var header);
            byte[] message = [.. header, .. attributes[..(attributes.Length & ~3)]];
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length - StunHeader.Size));
            return message;
        }
    }
}
