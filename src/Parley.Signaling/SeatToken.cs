using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Signaling;

/// <summary>
/// The signed proof of a seat that a participant presents to have it again, from a new connection or after the server restarted.
/// Whoever holds it can take the seat over, so it goes to that participant only.
/// </summary>
/// <remarks>
/// base64url of <c>version (1) · expiry (8, Unix seconds, big-endian) · seat (1) · id length (1) · id · HMAC-SHA-256 (32)</c>;
/// the name of the room is not in the token but under the signature, so a token opens one room only.
/// </remarks>
public static class SeatToken
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 512;

    private const byte Version = 1;
    private const int HeaderBytes = 1 + 8 + 1 + 1;
    private const int MacBytes = 32;

    /// <summary>Makes the token of a seat.</summary>
    /// <param name="key">The secret of the server (or of all nodes alike), at least 16 bytes.</param>
    /// <param name="room">The room.</param>
    /// <param name="claim">The seat and who sits there.</param>
    /// <param name="expires">When the token ends.</param>
    public static string Create(ReadOnlySpan<byte> key, string room, SeatClaim claim, DateTimeOffset expires)
    {
        var id = Encoding.UTF8.GetBytes(claim.Id.Value);
        var token = new byte[HeaderBytes + id.Length + MacBytes];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), expires.ToUnixTimeSeconds());
        token[9] = checked((byte)claim.Seat);
        token[10] = checked((byte)id.Length);
        id.CopyTo(token.AsSpan(HeaderBytes));
        Sign(key, room, token.AsSpan(0, HeaderBytes + id.Length), token.AsSpan(HeaderBytes + id.Length));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads a token that somebody presented. False for one that is malformed, forged, for another room or expired.</summary>
    public static bool TryRead(ReadOnlySpan<byte> key, string room, ReadOnlySpan<char> token, DateTimeOffset now, out SeatClaim claim)
    {
        claim = default;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (token.Length > MaxLength
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length < HeaderBytes + MacBytes)
        {
            return false;
        }

        bytes = bytes[..length];
        var signed = bytes[..^MacBytes];
        if (signed[0] != Version || signed[9] > 1 || signed[10] != signed.Length - HeaderBytes)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[MacBytes];
        Sign(key, room, signed, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[^MacBytes..]))
        {
            return false;
        }

        if (BinaryPrimitives.ReadInt64BigEndian(signed[1..]) <= now.ToUnixTimeSeconds())
        {
            return false;
        }

        claim = new SeatClaim(signed[9], new ParticipantId(Encoding.UTF8.GetString(signed[HeaderBytes..])));
        return true;
    }

    private static void Sign(ReadOnlySpan<byte> key, string room, ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(signed);
        hash.AppendData(Encoding.UTF8.GetBytes(room));
        hash.GetHashAndReset(mac);
    }
}
