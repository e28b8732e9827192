namespace Parley.Stun.Tests;

/// <summary>What is not a message, and what counts in one.</summary>
public sealed class ParseTests
{
    private const string Header = "0001 0000 2112A442 010203040506070809101112";

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("0001 0000 2112A442 0102030405060708091011", "19 bytes")]
    [InlineData("4001 0000 2112A442 010203040506070809101112", "leading bits 01")]
    [InlineData("8001 0000 2112A442 010203040506070809101112", "leading bits 10")]
    [InlineData("0001 0000 2112A443 010203040506070809101112", "another cookie")]
    [InlineData("0001 0004 2112A442 010203040506070809101112", "shorter than it says")]
    [InlineData("0001 0000 2112A442 010203040506070809101112 00000000", "longer than it says")]
    [InlineData("0001 0003 2112A442 010203040506070809101112 000000", "no multiple of four")]
    [InlineData("0001 0004 2112A442 010203040506070809101112 00060001", "an attribute without its value")]
    [InlineData("0001 0008 2112A442 010203040506070809101112 00060005 61626364", "a value that overruns the message")]
    [InlineData("0001 0008 2112A442 010203040506070809101112 0006FFFF 61626364", "a value of 64 KiB")]
    public void What_is_not_a_message_is_not_read(string hex, string why)
    {
        Assert.False(StunMessage.TryParse(Hex.Bytes(hex), out var message), why);
        Assert.True(message.Bytes.IsEmpty);
        Assert.False(message.Contains(StunAttributeType.Username));
    }

    [Fact]
    public void An_empty_message_is_one()
    {
        Assert.True(StunMessage.TryParse(Hex.Bytes(Header), out var message));
        Assert.False(message.Attributes.MoveNext());
        Assert.False(message.HasFingerprint || message.HasMessageIntegrity || message.HasMessageIntegritySha256);
    }

    [Fact]
    public void Padding_may_be_anything()
    {
        Assert.True(StunMessage.TryParse(Hex.Bytes("0001 0008 2112A442 010203040506070809101112 00060001 61FFFFFF"), out var message));
        Assert.True(message.TryGet(StunAttributeType.Username, out var value));
        Assert.Equal("a"u8, value);
    }

    [Fact]
    public void Of_attributes_that_occur_twice_the_first_counts()
    {
        var writer = new StunWriter(new byte[128], StunClass.Request, StunMethod.Refresh, default);
        writer.AddUInt32(StunAttributeType.Lifetime, 1);
        writer.AddUInt32(StunAttributeType.Lifetime, 2);
        Assert.True(writer.TryFinish(out var bytes) && StunMessage.TryParse(bytes, out var message) && message.TryGetLifetime(out var seconds) && seconds == 1);
    }

    [Fact]
    public void Nothing_counts_behind_an_integrity_attribute_but_the_stronger_one_and_the_fingerprint()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Refresh, default);
        writer.Add(StunAttributeType.Username, "a"u8);
        writer.AddMessageIntegrity("key"u8);
        writer.AddUInt32(StunAttributeType.Lifetime, 0);
        writer.AddMessageIntegritySha256("key"u8);
        writer.Add(StunAttributeType.Realm, "r"u8);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var bytes));
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(message.Contains(StunAttributeType.Username));
        Assert.False(message.Contains(StunAttributeType.Lifetime));
        Assert.False(message.Contains(StunAttributeType.Realm));
        Assert.True(message.IsIntegrityValid("key"u8) && message.IsIntegritySha256Valid("key"u8) && message.IsFingerprintValid);
    }

    [Fact]
    public void The_weaker_integrity_does_not_count_behind_the_stronger_one()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Refresh, default);
        writer.AddMessageIntegritySha256("key"u8);
        writer.AddMessageIntegrity("key"u8);
        Assert.True(writer.TryFinish(out var bytes));
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(message.IsIntegritySha256Valid("key"u8));
        Assert.False(message.HasMessageIntegrity || message.IsIntegrityValid("key"u8));
    }

    [Fact]
    public void A_fingerprint_that_is_not_last_is_not_valid_and_ends_the_attributes()
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Refresh, default);
        writer.AddFingerprint();
        writer.AddUInt32(StunAttributeType.Lifetime, 1);
        Assert.True(writer.TryFinish(out var bytes));
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(message.HasFingerprint);
        Assert.False(message.IsFingerprintValid);
        Assert.False(message.Contains(StunAttributeType.Lifetime));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(28)]
    public void A_truncated_SHA256_integrity_is_not_accepted(int size)
    {
        var whole = new StunWriter(new byte[256], StunClass.Request, StunMethod.Refresh, default);
        whole.AddMessageIntegritySha256("key"u8);
        Assert.True(whole.TryFinish(out var bytes));
        var hmac = bytes[^32..].ToArray();

        var writer = new StunWriter(new byte[256], StunClass.Request, StunMethod.Refresh, default);
        writer.Add(StunAttributeType.MessageIntegritySha256, hmac.AsSpan(0, size));
        Assert.True(writer.TryFinish(out var truncated));
        Assert.True(StunMessage.TryParse(truncated, out var message));
        Assert.False(message.IsIntegritySha256Valid("key"u8));
    }

    [Fact]
    public void Reading_and_verifying_allocates_nothing()
    {
        var writer = new StunWriter(new byte[512], StunClass.Request, StunMethod.Allocate, default);
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse("192.0.2.1:1"));
        writer.Add(StunAttributeType.Username, "someone"u8);
        writer.AddMessageIntegrity("key"u8);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var finished));
        var (bytes, buffer) = (finished.ToArray(), new byte[512]);
        var good = 0;
        Rounds(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_100, good);

        void Rounds(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var again = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Allocate, default);
                if (StunMessage.TryParse(bytes, out var message) && message.IsFingerprintValid && message.IsIntegrityValid("key"u8) &&
                    message.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var address))
                {
                    again.AddXorAddress(StunAttributeType.XorMappedAddress, address);
                    again.AddMessageIntegritySha256("key"u8);
                    again.AddFingerprint();
                    good += again.TryFinish(out _) ? 1 : 0;
                }
            }
        }
    }

    [Fact]
    public void Random_and_damaged_bytes_never_throw()
    {
        var random = new Random(5769);
        var buffer = new byte[600];
        for (var round = 0; round < 50_000; round++)
        {
            var size = random.Next(buffer.Length);
            random.NextBytes(buffer);
            if (round % 4 != 0 && size >= 20)
            {
                // A good header, so that the attributes are looked at.
                size &= ~3;
                buffer[0] &= 0x3F;
                (buffer[2], buffer[3]) = ((byte)((size - 20) >> 8), (byte)(size - 20));
                new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(buffer, 4);
                for (var at = 20; at + 4 <= size;)
                {
                    var length = random.Next(24);
                    (buffer[at], buffer[at + 1], buffer[at + 2], buffer[at + 3]) = ((byte)(random.Next(2) * 0x80), (byte)random.Next(0x2A), 0, (byte)length);
                    at += 4 + ((length + 3) & ~3);
                }
            }

            if (StunMessage.TryParse(buffer.AsSpan(0, size), out var message))
            {
                foreach (var attribute in message.Attributes)
                {
                    message.TryDecodeXorAddress(attribute.Value, out _);
                }

                Assert.False(message.IsIntegrityValid("key"u8) || message.IsIntegritySha256Valid("key"u8));
            }
        }
    }
}
