using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Whose limits a request counts against: an IPv4 address, or the /64 network of an IPv6 one, because a single host has all of that to itself.</summary>
internal readonly record struct AddressKey(ulong Network, uint Host)
{
    /// <summary>Nobody's: no limit holds.</summary>
    public static AddressKey None => default;

    public bool IsNone => this == None;

    public static AddressKey Of(IPAddress? address, bool countLoopback)
    {
        if (address is null || (!countLoopback && IPAddress.IsLoopback(address)))
        {
            return None;
        }

        Span<byte> bytes = stackalloc byte[16];
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        _ = address.TryWriteBytes(bytes, out _);

        // The host part of an IPv6 address is left out; 1 keeps ::/64 apart from nobody.
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new AddressKey(ulong.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), 1);
    }
}
