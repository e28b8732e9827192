using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Stun;

// Integrity and fingerprint: RFC 8489 sections 14.5 to 14.7.
public readonly ref partial struct StunMessage
{
    private const int Sha1Size = 20;
    private const int Sha256Size = 32;

    /// <summary>Whether MESSAGE-INTEGRITY is there.</summary>
    public bool HasMessageIntegrity => _integrity != 0;

    /// <summary>Whether MESSAGE-INTEGRITY-SHA256 is there.</summary>
    public bool HasMessageIntegritySha256 => _integritySha256 != 0;

    /// <summary>Whether FINGERPRINT is there.</summary>
    public bool HasFingerprint => _fingerprint != 0;

    /// <summary>Whether FINGERPRINT is there, is the last attribute and fits the message.</summary>
    public bool IsFingerprintValid =>
        _fingerprint != 0 && _fingerprint + 8 == Bytes.Length && ValueAt(_fingerprint) is { Length: 4 } value &&
        BinaryPrimitives.ReadUInt32BigEndian(value) == Fingerprint.Compute(Bytes[.._fingerprint]);

    /// <summary>Checks MESSAGE-INTEGRITY (HMAC-SHA1) in constant time; false if it is absent.</summary>
    public bool IsIntegrityValid(ReadOnlySpan<byte> key)
    {
        if (_integrity == 0 || ValueAt(_integrity) is not { Length: Sha1Size } value)
        {
            return false;
        }

        Span<byte> computed = stackalloc byte[Sha1Size];
        ComputeHmac(_integrity, Sha1Size, key, computed);
        return CryptographicOperations.FixedTimeEquals(computed, value);
    }

    /// <summary>Checks MESSAGE-INTEGRITY-SHA256 in constant time; false if it is absent or truncated, which TURN does not allow.</summary>
    public bool IsIntegritySha256Valid(ReadOnlySpan<byte> key)
    {
        if (_integritySha256 == 0 || ValueAt(_integritySha256) is not { Length: Sha256Size } value)
        {
            return false;
        }

        Span<byte> computed = stackalloc byte[Sha256Size];
        ComputeHmac(_integritySha256, Sha256Size, key, computed);
        return CryptographicOperations.FixedTimeEquals(computed, value);
    }

    private ReadOnlySpan<byte> ValueAt(int offset) =>
        Bytes.Slice(offset + StunHeader.AttributeHeaderSize, BinaryPrimitives.ReadUInt16BigEndian(Bytes[(offset + 2)..]));

    // The HMAC covers what precedes the attribute, with a header length as if the message ended with it.
    private void ComputeHmac(int offset, int hmacSize, ReadOnlySpan<byte> key, Span<byte> computed)
    {
        var length = offset + StunHeader.AttributeHeaderSize + hmacSize - StunHeader.Size;
        if (length == BinaryPrimitives.ReadUInt16BigEndian(Bytes[2..]))
        {
            StunHmac.Compute(Bytes[..offset], key, computed);
            return;
        }

        byte[]? rented = null;
        var copy = offset <= 1024 ? stackalloc byte[offset] : (rented = ArrayPool<byte>.Shared.Rent(offset)).AsSpan(0, offset);
        Bytes[..offset].CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)length);
        StunHmac.Compute(copy, key, computed);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
