using System.Buffers.Binary;
using System.Net;

namespace Parley.Stun;

/// <summary>
/// An IP address as a value: no allocation, cheap to compare and to hash. The family is part of its identity, so the IPv6
/// address <c>::ffff:192.0.2.1</c> and the IPv4 address <c>192.0.2.1</c> differ: whoever filters must unwrap the first.
/// </summary>
public readonly struct NetworkAddress : IEquatable<NetworkAddress>
{
    private readonly ulong _high;
    private readonly ulong _low; // An IPv4 address occupies the low 32 bits.

    private NetworkAddress(ulong high, ulong low, AddressFamily family)
    {
        _high = high;
        _low = low;
        Family = family;
    }

    /// <summary>The family; <see cref="AddressFamily.None"/> for the default value.</summary>
    public AddressFamily Family { get; }

    /// <summary>The upper 64 bits of an IPv6 address; zero for IPv4.</summary>
    public ulong High => _high;

    /// <summary>The lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address.</summary>
    public ulong Low => _low;

    /// <summary>Size on the wire in bytes: 4 or 16.</summary>
    public int Size => Family == AddressFamily.IPv4 ? 4 : 16;

    /// <summary>An IPv4 address from its 32 bits in host order: 127.0.0.1 is 0x7F000001.</summary>
    public static NetworkAddress FromIPv4(uint bits) => new(0, bits, AddressFamily.IPv4);

    /// <summary>An IPv6 address from its upper and lower 64 bits in host order.</summary>
    public static NetworkAddress FromIPv6(ulong high, ulong low) => new(high, low, AddressFamily.IPv6);

    /// <summary>Reads an address in network byte order; false unless there are exactly 4 or 16 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out NetworkAddress address)
    {
        address = bytes.Length switch
        {
            4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            16 => FromIPv6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
            _ => default,
        };
        return address.Family != AddressFamily.None;
    }

    /// <summary>Parses text strictly: four decimal numbers for IPv4 (no octal, hexadecimal or short forms), RFC 4291 text without a zone for IPv6.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NetworkAddress address)
    {
        address = default;
        if (text.IsEmpty || text.ContainsAny('%', '[', '/') || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var written);
        TryRead(bytes[..written], out address);
        return address.Family == AddressFamily.IPv6 || text.SequenceEqual(address.ToString());
    }

    /// <summary>Parses text as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static NetworkAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"\"{text}\" is not an IP address.");

    /// <summary>Writes the address in network byte order and returns the number of bytes: 4 or 16.</summary>
    public int WriteTo(Span<byte> bytes)
    {
        if (Family == AddressFamily.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return 16;
    }

    /// <summary>The same address for APIs of the edge. Allocates.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteTo(bytes)]);
    }

    /// <inheritdoc/>
    public bool Equals(NetworkAddress other) => _low == other._low && _high == other._high && Family == other.Family;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NetworkAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low, Family);

    /// <summary>The usual text form. Allocates; for logs at debug level and tests.</summary>
    public override string ToString() => Family == AddressFamily.None ? "none" : ToIPAddress().ToString();

    /// <summary>Same family and same bits.</summary>
    public static bool operator ==(NetworkAddress left, NetworkAddress right) => left.Equals(right);

    /// <summary>Another family or other bits.</summary>
    public static bool operator !=(NetworkAddress left, NetworkAddress right) => !left.Equals(right);
}
