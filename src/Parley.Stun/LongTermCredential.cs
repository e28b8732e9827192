using System.Security.Cryptography;

namespace Parley.Stun;

/// <summary>
/// The keys of the long-term credential mechanism. RFC 8489 sections 9.2.2, 14.4 and 18.5.1. Names and passwords are UTF-8 and
/// taken as they are: OpaqueString processing (RFC 8265) is for whoever first read them from a person.
/// </summary>
public static class LongTermCredential
{
    /// <summary>Longest username, realm or password in bytes: what RFC 8489 says a receiver must be able to parse.</summary>
    public const int MaxPartBytes = 763;

    /// <summary>Size in bytes of the longest key and of USERHASH.</summary>
    public const int MaxKeySize = 32;

    /// <summary>
    /// Writes the key <c>H(username ":" realm ":" password)</c> and returns its size, 16 or 32 bytes; 0 for an algorithm that is
    /// not known or a part longer than <see cref="MaxPartBytes"/>.
    /// </summary>
    public static int WriteKey(PasswordAlgorithm algorithm, ReadOnlySpan<byte> username, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> password, Span<byte> key)
    {
        Span<byte> joined = stackalloc byte[(3 * MaxPartBytes) + 2];
        var length = Join(joined, username, realm, password);
        if (length == 0)
        {
            return 0;
        }

        var text = joined[..length];
        try
        {
            return algorithm switch
            {
                // MD5 is what the protocol demands for clients that know nothing newer; the key then feeds an HMAC.
#pragma warning disable CA5351
                PasswordAlgorithm.None or PasswordAlgorithm.Md5 => MD5.HashData(text, key),
#pragma warning restore CA5351
                PasswordAlgorithm.Sha256 => SHA256.HashData(text, key),
                _ => 0,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Writes the 32 bytes of USERHASH, <c>SHA-256(username ":" realm)</c>; false for a part longer than <see cref="MaxPartBytes"/>.</summary>
    public static bool TryWriteUserhash(ReadOnlySpan<byte> username, ReadOnlySpan<byte> realm, Span<byte> userhash)
    {
        Span<byte> joined = stackalloc byte[(2 * MaxPartBytes) + 1];
        if (username.Length > MaxPartBytes || realm.Length > MaxPartBytes)
        {
            return false;
        }

        username.CopyTo(joined);
        joined[username.Length] = (byte)':';
        realm.CopyTo(joined[(username.Length + 1)..]);
        return SHA256.TryHashData(joined[..(username.Length + 1 + realm.Length)], userhash, out _);
    }

    private static int Join(Span<byte> joined, ReadOnlySpan<byte> username, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> password)
    {
        if (username.Length > MaxPartBytes || realm.Length > MaxPartBytes || password.Length > MaxPartBytes)
        {
            return 0;
        }

        username.CopyTo(joined);
        var at = username.Length;
        joined[at++] = (byte)':';
        realm.CopyTo(joined[at..]);
        at += realm.Length;
        joined[at++] = (byte)':';
        password.CopyTo(joined[at..]);
        return at + password.Length;
    }
}
