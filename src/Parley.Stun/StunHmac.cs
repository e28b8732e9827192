using System.Security.Cryptography;

namespace Parley.Stun;

internal static class StunHmac
{
    /// <summary>Fills <paramref name="hmac"/>: 20 bytes mean HMAC-SHA1, 32 bytes HMAC-SHA256.</summary>
    public static void Compute(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> hmac)
    {
        if (hmac.Length == 20)
        {
#pragma warning disable CA5350 // RFC 8489 section 14.5 demands HMAC-SHA1, which is not broken as a MAC.
            HMACSHA1.HashData(key, message, hmac);
#pragma warning restore CA5350
        }
        else
        {
            HMACSHA256.HashData(key, message, hmac);
        }
    }
}
