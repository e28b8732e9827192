using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Parley.Stun;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Parley.Turn.Hosting.Linux;

/// <summary><c>struct sockaddr_in</c> or <c>struct sockaddr_in6</c>, as the family says.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal unsafe struct SockAddr
{
    public const int Size = 28;

    private const int InternetSize = 16;

    public ushort Family;
    private ushort _portBigEndian;
    private fixed byte _rest[24];

    public int Port
    {
        readonly get => BinaryPrimitives.ReverseEndianness(_portBigEndian);
        set => _portBigEndian = BinaryPrimitives.ReverseEndianness((ushort)value);
    }

    /// <summary>The length that the kernel wants to hear for this family.</summary>
    public readonly uint Length => Family == Constants.AddressFamilyInternet ? (uint)InternetSize : Size;

    public static SockAddr From(IPEndPoint endPoint)
    {
        var result = default(SockAddr);
        result.Port = endPoint.Port;
        if (endPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            result.Family = Constants.AddressFamilyInternet;
            endPoint.Address.TryWriteBytes(new Span<byte>(result._rest, 4), out _);
        }
        else
        {
            result.Family = Constants.AddressFamilyInternet6;
            endPoint.Address.TryWriteBytes(new Span<byte>(result._rest + 4, 16), out _);
            *(uint*)(result._rest + 20) = (uint)endPoint.Address.ScopeId;
        }

        return result;
    }

    public static SockAddr From(in TransportAddress address)
    {
        var result = default(SockAddr);
        result.Port = address.Port;
        var isInternet6 = address.Family == Stun.AddressFamily.IPv6;
        result.Family = isInternet6 ? (ushort)Constants.AddressFamilyInternet6 : (ushort)Constants.AddressFamilyInternet;
        address.Address.WriteTo(new Span<byte>(result._rest + (isInternet6 ? 4 : 0), isInternet6 ? 16 : 4));
        return result;
    }

    public readonly TransportAddress ToTransportAddress()
    {
        fixed (byte* rest = _rest)
        {
            return new TransportAddress(
                Family == Constants.AddressFamilyInternet
                    ? NetworkAddress.FromIPv4(BinaryPrimitives.ReverseEndianness(*(uint*)rest))
                    : NetworkAddress.FromIPv6(BinaryPrimitives.ReverseEndianness(*(ulong*)(rest + 4)), BinaryPrimitives.ReverseEndianness(*(ulong*)(rest + 12))),
                (ushort)Port);
        }
    }

    public IPEndPoint ToEndPoint()
    {
        fixed (byte* rest = _rest)
        {
            return Family == Constants.AddressFamilyInternet
                ? new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(rest, 4)), Port)
                : new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(rest + 4, 16), *(uint*)(rest + 20)), Port);
        }
    }
}
