namespace Parley.Stun;

/// <summary>The security features that a server announces in front of its nonces. RFC 8489 section 18.1.</summary>
[Flags]
public enum StunSecurityFeatures
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Bit 0: PASSWORD-ALGORITHMS is used.</summary>
    PasswordAlgorithms = 1 << 23,

    /// <summary>Bit 1: USERHASH may, and then must, take the place of USERNAME.</summary>
    UsernameAnonymity = 1 << 22,
}

/// <summary>The thirteen characters in front of a nonce that make an attacker's removal of security features visible. RFC 8489 section 9.2.</summary>
public static class StunNonceCookie
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 13;

    private static ReadOnlySpan<byte> Prefix => "obMatJos2"u8;

    /// <summary>Writes the cookie to the first 13 bytes of a nonce.</summary>
    public static void Write(Span<byte> nonce, StunSecurityFeatures features)
    {
        Prefix.CopyTo(nonce);
        var bits = (int)features;
        for (var i = 0; i < 4; i++)
        {
            nonce[Prefix.Length + i] = Base64Characters[(bits >> (18 - (6 * i))) & 63];
        }
    }

    /// <summary>Reads the features; false if the nonce does not begin with a cookie.</summary>
    public static bool TryRead(ReadOnlySpan<byte> nonce, out StunSecurityFeatures features)
    {
        features = StunSecurityFeatures.None;
        if (nonce.Length < Size || !nonce.StartsWith(Prefix))
        {
            return false;
        }

        var bits = 0;
        foreach (var character in nonce[Prefix.Length..Size])
        {
            var value = Base64Characters.IndexOf(character);
            if (value < 0)
            {
                return false;
            }

            bits = (bits << 6) | value;
        }

        features = (StunSecurityFeatures)bits;
        return true;
    }

    private static ReadOnlySpan<byte> Base64Characters => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
}
