using System.Buffers.Binary;

namespace Parley.Stun;

/// <summary>Addresses on the wire: RFC 8489 sections 14.1 and 14.2.</summary>
internal static class StunAddress
{
    public const int MaxSize = 20;

    public static bool TryDecode(ReadOnlySpan<byte> value, out TransportAddress address)
    {
        address = default;
        if (value.Length < 8 || value.Length != SizeOf((AddressFamily)value[1]) || !NetworkAddress.TryRead(value[4..], out var ip))
        {
            return false;
        }

        address = new TransportAddress(ip, BinaryPrimitives.ReadUInt16BigEndian(value[2..]));
        return true;
    }

    public static int Encode(in TransportAddress address, Span<byte> value)
    {
        value[0] = 0;
        value[1] = (byte)address.Family;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], address.Port);
        return 4 + address.Address.WriteTo(value[4..]);
    }

    // XOR is its own inverse: the same call hides and reveals.
    public static TransportAddress Xor(in TransportAddress address, TransactionId id)
    {
        var ip = address.Family == AddressFamily.IPv4
            ? NetworkAddress.FromIPv4((uint)address.Address.Low ^ StunHeader.MagicCookie)
            : NetworkAddress.FromIPv6(
                address.Address.High ^ (((ulong)StunHeader.MagicCookie << 32) | (id.High >> 32)),
                address.Address.Low ^ ((id.High << 32) | id.Low));
        return new TransportAddress(ip, (ushort)(address.Port ^ (StunHeader.MagicCookie >> 16)));
    }

    private static int SizeOf(AddressFamily family) => family switch
    {
        AddressFamily.IPv4 => 8,
        AddressFamily.IPv6 => 20,
        _ => -1,
    };
}
