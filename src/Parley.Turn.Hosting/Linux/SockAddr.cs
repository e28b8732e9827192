using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

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
