using System.Text;

namespace Parley.Stun.Tests;

/// <summary>One table drives both directions: what the writer puts in, on the wire as the RFCs draw it, and what the reader takes out.</summary>
public sealed class RoundTripTests
{
    private static readonly TransactionId Id = new(0x0102030405060708, 0x090A0B0C);

    private delegate void Write(ref StunWriter writer);

    private delegate bool Read(in StunMessage message);

    private static readonly (string Name, string Wire, Write Write, Read Read)[] Table =
    [
        ("LIFETIME", "000D 0004 00000258", static (ref StunWriter w) => w.AddUInt32(StunAttributeType.Lifetime, 600), static (in StunMessage m) => m.TryGetLifetime(out var v) && v == 600),
        ("CHANNEL-NUMBER", "000C 0004 4ABC0000", static (ref StunWriter w) => w.AddChannelNumber(0x4ABC), static (in StunMessage m) => m.TryGetChannelNumber(out var v) && v == 0x4ABC),
        ("REQUESTED-TRANSPORT", "0019 0004 11000000", static (ref StunWriter w) => w.AddRequestedTransport(17), static (in StunMessage m) => m.TryGetRequestedTransport(out var v) && v == 17),
        ("REQUESTED-ADDRESS-FAMILY", "0017 0004 02000000", static (ref StunWriter w) => w.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv6), static (in StunMessage m) => m.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out var v) && v == AddressFamily.IPv6),
        ("ADDITIONAL-ADDRESS-FAMILY", "8000 0004 02000000", static (ref StunWriter w) => w.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6), static (in StunMessage m) => m.TryGetAddressFamily(StunAttributeType.AdditionalAddressFamily, out var v) && v == AddressFamily.IPv6),
        ("EVEN-PORT with R", "0018 0001 80000000", static (ref StunWriter w) => w.AddEvenPort(true), static (in StunMessage m) => m.TryGetEvenPort(out var v) && v),
        ("EVEN-PORT without R", "0018 0001 00000000", static (ref StunWriter w) => w.AddEvenPort(false), static (in StunMessage m) => m.TryGetEvenPort(out var v) && !v),
        ("RESERVATION-TOKEN", "0022 0008 1122334455667788", static (ref StunWriter w) => w.AddReservationToken(0x1122334455667788), static (in StunMessage m) => m.TryGetReservationToken(out var v) && v == 0x1122334455667788),
        ("DONT-FRAGMENT", "001A 0000", static (ref StunWriter w) => w.Add(StunAttributeType.DontFragment, []), static (in StunMessage m) => m.Contains(StunAttributeType.DontFragment)),
        ("XOR-PEER-ADDRESS, IPv4", "0012 0008 0001 A147 E112A643", static (ref StunWriter w) => w.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse("192.0.2.1:32853")), static (in StunMessage m) => m.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var v) && v.ToString() == "192.0.2.1:32853"),
        ("XOR-RELAYED-ADDRESS, IPv6", "0016 0014 0002 A147 0113A9FA 01020304 05060708 090A0B0D", static (ref StunWriter w) => w.AddXorAddress(StunAttributeType.XorRelayedAddress, TransportAddress.Parse("[2001:db8::1]:32853")), static (in StunMessage m) => m.TryGetXorAddress(StunAttributeType.XorRelayedAddress, out var v) && v.ToString() == "[2001:db8::1]:32853"),
        ("MAPPED-ADDRESS", "0001 0008 0001 8055 C0000201", static (ref StunWriter w) => w.AddAddress(StunAttributeType.MappedAddress, TransportAddress.Parse("192.0.2.1:32853")), static (in StunMessage m) => m.TryGetAddress(StunAttributeType.MappedAddress, out var v) && v.ToString() == "192.0.2.1:32853"),
        ("ALTERNATE-SERVER", "8023 0014 0002 0D96 20010DB8 00000000 00000000 00000001", static (ref StunWriter w) => w.AddAddress(StunAttributeType.AlternateServer, TransportAddress.Parse("[2001:db8::1]:3478")), static (in StunMessage m) => m.TryGetAddress(StunAttributeType.AlternateServer, out var v) && v.ToString() == "[2001:db8::1]:3478"),
        ("ERROR-CODE", "0009 000F 00000426 5374616C65204E6F6E6365 00", static (ref StunWriter w) => w.AddErrorCode(StunErrorCode.StaleNonce, StunErrorCode.StaleNonce.ReasonPhrase()), static (in StunMessage m) => m.TryGetErrorCode(out var c, out var r) && c == StunErrorCode.StaleNonce && r.SequenceEqual("Stale Nonce"u8)),
        ("ERROR-CODE without reason", "0009 0004 00000401", static (ref StunWriter w) => w.AddErrorCode(StunErrorCode.Unauthenticated, []), static (in StunMessage m) => m.TryGetErrorCode(out var c, out var r) && c == StunErrorCode.Unauthenticated && r.IsEmpty),
        ("ADDRESS-ERROR-CODE", "8001 0019 02000508 496E73756666696369656E74204361706163697479 000000", static (ref StunWriter w) => w.AddAddressErrorCode(AddressFamily.IPv6, StunErrorCode.InsufficientCapacity), static (in StunMessage m) => m.TryGetAddressErrorCode(out var f, out var c) && (f, c) == (AddressFamily.IPv6, StunErrorCode.InsufficientCapacity)),
        ("UNKNOWN-ATTRIBUTES", "000A 0006 0003 7777 001A 0000", static (ref StunWriter w) => w.AddUnknownAttributes([(StunAttributeType)3, (StunAttributeType)0x7777, StunAttributeType.DontFragment]), static (in StunMessage m) => m.TryGet(StunAttributeType.UnknownAttributes, out var v) && v.Length == 6),
        ("ICMP", "8004 0008 00000304 00000578", static (ref StunWriter w) => w.AddIcmp(3, 4, 1400), static (in StunMessage m) => m.TryGetIcmp(out var t, out var c, out var d) && (t, c, d) == (3, 4, 1400u)),
        ("PASSWORD-ALGORITHMS", "8002 0008 00020000 00010000", static (ref StunWriter w) => w.AddPasswordAlgorithms([PasswordAlgorithm.Sha256, PasswordAlgorithm.Md5]), static (in StunMessage m) => m.TryGet(StunAttributeType.PasswordAlgorithms, out var v) && v.Length == 8),
        ("PASSWORD-ALGORITHM", "001D 0004 00020000", static (ref StunWriter w) => w.AddPasswordAlgorithm(PasswordAlgorithm.Sha256), static (in StunMessage m) => m.TryGetPasswordAlgorithm(out var v) && v == PasswordAlgorithm.Sha256),
        ("SOFTWARE", "8022 0005 68656C6C6F 000000", static (ref StunWriter w) => w.Add(StunAttributeType.Software, "hello"u8), static (in StunMessage m) => m.TryGet(StunAttributeType.Software, out var v) && v.SequenceEqual("hello"u8)),
    ];

    public static TheoryData<string> Names => [.. Table.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_attribute_is_written_as_the_RFC_draws_it_and_read_back(string name)
    {
        var row = Table.Single(candidate => candidate.Name == name);
        var buffer = new byte[256];
        buffer.AsSpan().Fill(0xEE);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, Id);
        row.Write(ref writer);
        Assert.True(writer.TryFinish(out var bytes));
        Assert.Equal(Hex.Bytes(row.Wire), bytes[StunHeader.Size..].ToArray());
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(row.Read(message));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_cut_short_or_too_long_is_not_read_and_an_absent_one_is_absent(string name)
    {
        var row = Table.Single(candidate => candidate.Name == name);
        var wire = Hex.Bytes(row.Wire);
        var type = (StunAttributeType)((wire[0] << 8) | wire[1]);
        if (type is StunAttributeType.Software or StunAttributeType.DontFragment or StunAttributeType.UnknownAttributes or StunAttributeType.PasswordAlgorithms)
        {
            return; // Any length is well formed to the reader.
        }

        foreach (var size in (int[])[0, 2, 3, 7, 11, 30])
        {
            var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Allocate, Id);
            writer.Add(type, new byte[size]);
            Assert.True(writer.TryFinish(out var bytes));
            Assert.True(StunMessage.TryParse(bytes, out var message));
            Assert.True(message.Contains(type));
            Assert.False(row.Read(message));
        }

        Assert.True(StunMessage.TryParse(new StunWriter(new byte[32], StunClass.Request, StunMethod.Allocate, Id).TryFinish(out var empty) ? empty : default, out var nothing));
        Assert.False(nothing.Contains(type));
        Assert.False(row.Read(nothing));
    }

    [Theory]
    [InlineData(StunClass.Request, StunMethod.Binding, 0x0001)]
    [InlineData(StunClass.Indication, StunMethod.Send, 0x0016)]
    [InlineData(StunClass.Indication, StunMethod.Data, 0x0017)]
    [InlineData(StunClass.SuccessResponse, StunMethod.Allocate, 0x0103)]
    [InlineData(StunClass.ErrorResponse, StunMethod.Allocate, 0x0113)]
    [InlineData(StunClass.ErrorResponse, (StunMethod)0xFFF, 0x3FFF)]
    [InlineData(StunClass.Request, (StunMethod)0x0F0, 0x03A0 + 0x0120)]
    public void Class_and_method_interleave_in_the_type(StunClass messageClass, StunMethod method, int type)
    {
        var writer = new StunWriter(new byte[20], messageClass, method, Id);
        Assert.True(writer.TryFinish(out var bytes));
        if (method != (StunMethod)0x0F0)
        {
            Assert.Equal(type, (bytes[0] << 8) | bytes[1]);
        }

        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.Equal((messageClass, method, Id), (message.Class, message.Method, message.TransactionId));
    }

    [Fact]
    public void Random_messages_read_as_they_were_written()
    {
        var random = new Random(8489);
        var buffer = new byte[4096];
        for (var round = 0; round < 5_000; round++)
        {
            random.NextBytes(buffer);
            var (messageClass, method, id) = ((StunClass)random.Next(4), (StunMethod)random.Next(0x1000), new TransactionId((ulong)random.NextInt64(), (uint)random.Next()));
            var key = new byte[random.Next(1, 40)];
            random.NextBytes(key);
            List<(StunAttributeType Type, string Value)> attributes = [];
            var writer = new StunWriter(buffer, messageClass, method, id);
            for (var i = random.Next(8); i > 0; i--)
            {
                var type = (StunAttributeType)random.Next(0x10000);
                if (type is StunAttributeType.MessageIntegrity or StunAttributeType.MessageIntegritySha256 or StunAttributeType.Fingerprint)
                {
                    continue;
                }

                var value = new byte[random.Next(60)];
                random.NextBytes(value);
                attributes.Add((type, Convert.ToHexString(value)));
                writer.Add(type, value);
            }

            var (sha1, sha256, fingerprint) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
            if (sha1)
            {
                writer.AddMessageIntegrity(key);
            }

            if (sha256)
            {
                writer.AddMessageIntegritySha256(key);
            }

            if (fingerprint)
            {
                writer.AddFingerprint();
            }

            Assert.True(writer.TryFinish(out var bytes));
            Assert.True(StunMessage.TryParse(bytes, out var message));
            Assert.Equal((messageClass, method, id), (message.Class, message.Method, message.TransactionId));
            Assert.Equal((sha1, sha256, fingerprint), (message.IsIntegrityValid(key), message.IsIntegritySha256Valid(key), message.IsFingerprintValid));
            List<(StunAttributeType, string)> read = [];
            foreach (var attribute in message.Attributes)
            {
                read.Add((attribute.Type, Convert.ToHexString(attribute.Value)));
            }

            Assert.Equal(attributes, read);
        }
    }

    [Fact]
    public void Long_messages_verify_behind_other_attributes_too()
    {
        var writer = new StunWriter(new byte[70_000], StunClass.Indication, StunMethod.Send, Id);
        writer.Add(StunAttributeType.Data, new byte[60_000]);
        writer.AddMessageIntegrity("key"u8);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var bytes));
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(message.IsIntegrityValid("key"u8));
        Assert.False(message.IsIntegrityValid("kez"u8));
    }

    [Fact]
    public void A_buffer_too_small_fails_at_any_attribute_and_throws_nothing()
    {
        for (var size = 0; size < 220; size++)
        {
            var buffer = new byte[size + 1];
            buffer[size] = 0xEE;
            var writer = new StunWriter(buffer.AsSpan(0, size), StunClass.Request, StunMethod.Allocate, Id);
            writer.AddErrorCode(StunErrorCode.BadRequest, Encoding.UTF8.GetBytes("why"));
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, TransportAddress.Parse("[2001:db8::1]:1"));
            writer.AddPasswordAlgorithms([PasswordAlgorithm.Sha256]);
            writer.AddUnknownAttributes([StunAttributeType.Data]);
            writer.AddReservationToken(1);
            writer.AddIcmp(1, 2, 3);
            writer.AddAddressErrorCode(AddressFamily.IPv4, StunErrorCode.BadRequest);
            writer.AddMessageIntegrity("key"u8);
            writer.AddMessageIntegritySha256("key"u8);
            writer.AddFingerprint();
            var finished = writer.TryFinish(out var bytes);
            Assert.Equal(size >= 184, finished);
            Assert.Equal(finished, StunMessage.TryParse(bytes, out _));
            Assert.Equal(0xEE, buffer[size]);
        }
    }
}
