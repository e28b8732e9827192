using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary>Makes and sets up non-blocking UDP sockets. A socket here is its descriptor; whoever opened it closes it.</summary>
internal static unsafe class DatagramSocket
{
    public static int Open(AddressFamily family)
    {
        var socket = TryOpen(family);
        return socket >= 0 ? socket : throw Failure("open a UDP socket", LibC.LastError);
    }

    /// <summary>Below zero if the system refuses: no descriptor left, or no such family.</summary>
    public static int TryOpen(AddressFamily family)
    {
        var internet6 = family == AddressFamily.InterNetworkV6;
        var socket = LibC.Socket(
            internet6 ? Constants.AddressFamilyInternet6 : Constants.AddressFamilyInternet,
            Constants.SocketDatagram | Constants.SocketNonBlocking | Constants.SocketCloseOnExec,
            0);
        if (socket >= 0 && internet6)
        {
            Set(socket, Constants.LevelIpv6, Constants.Ipv6Only, 1);
        }

        return socket;
    }

    /// <summary>Zero, or the <c>errno</c> that says why not.</summary>
    public static int Bind(int socket, IPEndPoint endPoint)
    {
        var address = SockAddr.From(endPoint);
        return LibC.Bind(socket, &address, address.Length) == 0 ? 0 : LibC.LastError;
    }

    /// <summary>Zero, or the <c>errno</c> that says why not.</summary>
    public static int Connect(int socket, in SockAddr peer)
    {
        var address = peer;
        return LibC.Connect(socket, &address, address.Length) == 0 ? 0 : LibC.LastError;
    }

    public static IPEndPoint LocalEndPoint(int socket)
    {
        var address = default(SockAddr);
        uint length = SockAddr.Size;
        return LibC.GetSockName(socket, &address, &length) == 0 ? address.ToEndPoint() : throw Failure("read a socket's address", LibC.LastError);
    }

    public static bool Set(int socket, int level, int option, int value) => LibC.SetSockOpt(socket, level, option, &value, sizeof(int)) == 0;

    public static int Get(int socket, int level, int option)
    {
        var value = 0;
        uint length = sizeof(int);
        return LibC.GetSockOpt(socket, level, option, &value, &length) == 0 ? value : 0;
    }

    /// <summary>
    /// Asks for buffers of this size and returns what the receive buffer became: without CAP_NET_ADMIN the kernel stops at
    /// <c>net.core.rmem_max</c>. (The kernel reports twice what it grants, for its own bookkeeping.)
    /// </summary>
    public static int SetBuffers(int socket, int bytes)
    {
        if (!Set(socket, Constants.LevelSocket, Constants.ReceiveBufferForce, bytes))
        {
            Set(socket, Constants.LevelSocket, Constants.ReceiveBuffer, bytes);
        }

        if (!Set(socket, Constants.LevelSocket, Constants.SendBufferForce, bytes))
        {
            Set(socket, Constants.LevelSocket, Constants.SendBuffer, bytes);
        }

        return Get(socket, Constants.LevelSocket, Constants.ReceiveBuffer) / 2;
    }

    /// <summary>Releases a descriptor of any kind. On Linux it is gone whatever <c>close</c> returns.</summary>
    public static void Close(int descriptor) => _ = descriptor < 0 ? 0 : LibC.Close(descriptor);

    public static IOException Failure(string what, int error) => new($"Could not {what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");
}
