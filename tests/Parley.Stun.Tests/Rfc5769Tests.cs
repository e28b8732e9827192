using System.Text;

namespace Parley.Stun.Tests;

/// <summary>The test vectors of RFC 5769, read and verified; and RFC 8489 appendix B.1 in <see cref="Rfc8489Tests"/>.</summary>
public sealed class Rfc5769Tests
{
    private static readonly byte[] ShortTermPassword = "VOkJxbRl1RmTxUk/WvJxBt"u8.ToArray();

    // Section 2.1
    private static readonly byte[] Request = Hex.Bytes("""
        00010058 2112a442 b7e7a701bc34d686fa87dfae
        80220010 5354554e207465737420636c69656e74
        00240004 6e0001ff
        80290008 932ff9b151263b36
        00060009 6576746a3a68367659202020
        00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
        80280004 e57a3bcf
        """);

    // Section 2.2
    private static readonly byte[] IPv4Response = Hex.Bytes("""
        0101003c 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200008 0001a147e112a643
        00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
        80280004 c07d4c96
        """);

    // Section 2.3
    private static readonly byte[] IPv6Response = Hex.Bytes("""
        01010048 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        00080014 a382954e4be67bf11784c97c8292c275bfe3ed41
        80280004 c8fb0b4c
        """);

    // Section 2.4
    private static readonly byte[] LongTermRequest = Hex.Bytes("""
        00010060 2112a442 78ad3433c6ad72c029da412e
        00060012 e3839ee38388e383aae38383e382afe382b90000
        0015001c 662f2f3439396b39353464364f4c33346f4c394653547679363473 41
        0014000b 6578616d706c652e6f726700
        00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666
        """);

    [Fact]
    public void The_sample_request_reads_and_verifies()
    {
        Assert.True(StunMessage.TryParse(Request, out var message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal(new TransactionId(0xb7e7a701bc34d686, 0xfa87dfae), message.TransactionId);
        Assert.True(message.TryGet(StunAttributeType.Software, out var software));
        Assert.Equal("STUN test client"u8, software);
        Assert.True(message.TryGet(StunAttributeType.Username, out var username));
        Assert.Equal("evtj:h6vY"u8, username);
        Assert.True(message.IsIntegrityValid(ShortTermPassword));
        Assert.True(message.IsFingerprintValid);
    }

    [Theory]
    [InlineData(4, "192.0.2.1:32853")]
    [InlineData(6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void The_sample_responses_read_and_verify(int family, string mapped)
    {
        Assert.True(StunMessage.TryParse(family == 4 ? IPv4Response : IPv6Response, out var message));
        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.True(message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var address));
        Assert.Equal(mapped, address.ToString());
        Assert.True(message.TryGet(StunAttributeType.Software, out var software));
        Assert.Equal("test vector"u8, software);
        Assert.True(message.IsIntegrityValid(ShortTermPassword));
        Assert.True(message.IsFingerprintValid);
    }

    [Fact]
    public void The_sample_request_with_long_term_authentication_reads_and_verifies()
    {
        Assert.True(StunMessage.TryParse(LongTermRequest, out var message));
        Assert.True(message.TryGet(StunAttributeType.Username, out var username));
        Assert.Equal("マトリックス", Encoding.UTF8.GetString(username));
        Assert.True(message.TryGet(StunAttributeType.Realm, out var realm));
        Assert.Equal("example.org"u8, realm);
        Assert.True(message.TryGet(StunAttributeType.Nonce, out var nonce));
        Assert.Equal("f//499k954d6OL34oL9FSTvy64sA"u8, nonce);

        Span<byte> key = stackalloc byte[LongTermCredential.MaxKeySize];
        key = key[..LongTermCredential.WriteKey(PasswordAlgorithm.Md5, username, realm, "TheMatrIX"u8, key)];
        Assert.True(message.IsIntegrityValid(key));
        Assert.False(message.HasFingerprint);
        Assert.False(message.IsFingerprintValid);
    }

    [Fact]
    public void Every_flipped_bit_that_integrity_or_fingerprint_covers_is_noticed()
    {
        var bytes = Request.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(
                StunMessage.TryParse(bytes, out var message) && message.IsFingerprintValid && message.IsIntegrityValid(ShortTermPassword),
                $"Bit {bit} could be flipped.");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
