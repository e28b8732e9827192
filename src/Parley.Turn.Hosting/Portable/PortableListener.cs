using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Parley.Stun;

namespace Parley.Turn.Hosting.Portable;

/// <summary>A UDP socket that clients send to.</summary>
internal sealed class PortableListener(Socket socket, IPEndPoint endPoint)
{
    private readonly SocketAddress _to = new(endPoint.AddressFamily);

    public Socket Socket { get; } = socket;

    public IPEndPoint EndPoint { get; } = endPoint;

    public TransportAddress Address { get; } = endPoint.ToTransportAddress();

    /// <summary>A client's address as the framework wants it; valid until the next call.</summary>
    public SocketAddress AddressOf(in TransportAddress client)
    {
        Write(_to, client);
        return _to;
    }

    public static Socket Bind(IPEndPoint endPoint, int bufferBytes)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            if (endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }
            else if (!OperatingSystem.IsMacOS())
            {
                socket.DontFragment = false;
            }

            if (OperatingSystem.IsWindows())
            {
                // Else one unreachable peer makes the next receive fail.
                const int ReportPortUnreachable = -1744830452;
                socket.IOControl(ReportPortUnreachable, [0, 0, 0, 0], null);
            }

            socket.ReceiveBufferSize = socket.SendBufferSize = bufferBytes;
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Family, port and address lie where sockaddr_in and sockaddr_in6 have them on every platform.
    public static TransportAddress Read(SocketAddress from)
    {
        var bytes = from.Buffer.Span;
        NetworkAddress.TryRead(from.Family == System.Net.Sockets.AddressFamily.InterNetworkV6 ? bytes[8..24] : bytes[4..8], out var address);
        return new TransportAddress(address, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
    }

    public static void Write(SocketAddress to, in TransportAddress address)
    {
        var bytes = to.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        address.Address.WriteTo(bytes[(address.Family == Stun.AddressFamily.IPv6 ? 8 : 4)..]);
    }
}
