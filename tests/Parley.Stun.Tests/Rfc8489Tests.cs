using System.Text;

namespace Parley.Stun.Tests;

/// <summary>RFC 8489 appendix B.1 as corrected by erratum 6268, and the worked example of section 9.2.2.</summary>
public sealed class Rfc8489Tests
{
    private static readonly byte[] Request = Hex.Bytes("""
        00010090 2112a442 78ad3433c6ad72c029da412e
        001e0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704
        00150029 6f624d61744a6f7332414141 43662f2f3439396b39353464364f4c33346f4c39465354767936347341 000000
        0014000b 6578616d706c652e6f726700
        001d0004 00020000
        001c0020 b5c7bf005b6c52a21c51c5e892f81924136296cb927c4314930927 8cc6518e65
        """);

    private static readonly byte[] Username = "マトリックス"u8.ToArray();
    private static readonly byte[] Realm = "example.org"u8.ToArray();

    [Fact]
    public void The_sample_request_with_sha256_and_userhash_reads_and_verifies()
    {
        Assert.True(StunMessage.TryParse(Request, out var message));
        Assert.True(message.TryGetPasswordAlgorithm(out var algorithm));
        Assert.Equal(PasswordAlgorithm.Sha256, algorithm);

        var userhash = new byte[32];
        Assert.True(LongTermCredential.TryWriteUserhash(Username, Realm, userhash));
        Assert.True(message.TryGet(StunAttributeType.Userhash, out var received));
        Assert.Equal(userhash, received);

        Assert.True(message.TryGet(StunAttributeType.Nonce, out var nonce));
        Assert.Equal("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA", Encoding.ASCII.GetString(nonce));
        Assert.True(StunNonceCookie.TryRead(nonce, out var features));
        Assert.Equal((StunSecurityFeatures)0x000002, features);

        var key = new byte[32];
        Assert.Equal(32, LongTermCredential.WriteKey(algorithm, Username, Realm, "TheMatrIX"u8, key));
        Assert.True(message.IsIntegritySha256Valid(key));
        key[0] ^= 1;
        Assert.False(message.IsIntegritySha256Valid(key));
    }

    [Fact]
    public void The_key_of_section_9_2_2_comes_out()
    {
        var key = new byte[32];
        Assert.Equal(16, LongTermCredential.WriteKey(PasswordAlgorithm.Md5, "user"u8, "realm"u8, "pass"u8, key));
        Assert.Equal(Hex.Bytes("8493fbc53ba582fb4c044c456bdc40eb"), key[..16]);
    }

    [Theory]
    [InlineData(StunSecurityFeatures.None, "obMatJos2AAAA")]
    [InlineData(StunSecurityFeatures.PasswordAlgorithms, "obMatJos2gAAA")]
    [InlineData(StunSecurityFeatures.UsernameAnonymity, "obMatJos2QAAA")]
    [InlineData(StunSecurityFeatures.PasswordAlgorithms | StunSecurityFeatures.UsernameAnonymity, "obMatJos2wAAA")]
    public void The_nonce_cookie_reads_as_it_is_written(StunSecurityFeatures features, string text)
    {
        var nonce = new byte[StunNonceCookie.Size];
        StunNonceCookie.Write(nonce, features);
        Assert.Equal(text, Encoding.ASCII.GetString(nonce));
        Assert.True(StunNonceCookie.TryRead(nonce, out var read));
        Assert.Equal(features, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("obMatJos2AAA")]
    [InlineData("obMatJos3AAAA")]
    [InlineData("obMatJos2AA=A")]
    public void What_is_no_nonce_cookie_is_not_read_as_one(string text) =>
        Assert.False(StunNonceCookie.TryRead(Encoding.ASCII.GetBytes(text), out _));
}
