using System.Buffers.Binary;

namespace Parley.Stun;

/// <summary>The 96-bit identifier that ties a response to its request. RFC 8489 section 5.</summary>
/// <param name="High">The first eight bytes, most significant first.</param>
/// <param name="Low">The last four bytes.</param>
public readonly record struct TransactionId(ulong High, uint Low)
{
    /// <summary>Size on the wire in bytes.</summary>
    public const int Size = 12;

    /// <summary>Reads the first twelve bytes of <paramref name="bytes"/>, which must be there.</summary>
    public static TransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>Writes twelve bytes to the start of <paramref name="bytes"/>, which must have room.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Low);
    }
}
