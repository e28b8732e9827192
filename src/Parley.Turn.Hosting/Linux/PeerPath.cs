using System.Net;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// The way from a relay socket to one peer. Once there is enough traffic the peer gets a second socket on the same port that is
/// connected to it, which saves the kernel a route lookup per datagram. The first socket stays for everyone else: a permission
/// admits a whole IP address, and a connected socket receives from one of its ports only.
/// </summary>
internal sealed class PeerPath(int relaySocket, in PeerAddress peer) : Destination(relaySocket, SockAddr.From(peer.Value))
{
    /// <summary>Datagrams after which a connected socket has paid for itself.</summary>
    private const int ConnectAfter = 64;

    private readonly int _relaySocket = relaySocket;
    private int _sent;

    public PeerAddress Peer { get; } = peer;

    /// <summary>The connected socket's place among what the engine polls; zero if there is none.</summary>
    public int PollIndex { get; set; }

    /// <summary>Counts what is sent; true once, when it is time for <see cref="TryConnect"/>.</summary>
    public bool IsTimeToConnect(int sent)
    {
        var before = _sent;
        _sent += sent;
        return before < ConnectAfter && _sent >= ConnectAfter;
    }

    /// <summary>Opens the connected socket, and uses it from now on.</summary>
    public bool TryConnect()
    {
        // Two sockets may share a port only if both say so while the second binds. Neither says so any longer than that,
        // so no other program can slip onto the port.
        var endPoint = DatagramSocket.LocalEndPoint(_relaySocket);
        var socket = DatagramSocket.TryOpen(endPoint.AddressFamily);
        if (socket < 0)
        {
            return false;
        }

        Share(_relaySocket, 1);
        Share(socket, 1);
        var isConnected = DatagramSocket.Bind(socket, new IPEndPoint(endPoint.Address, endPoint.Port)) == 0 && DatagramSocket.Connect(socket, Address) == 0;
        Share(_relaySocket, 0);
        Share(socket, 0);
        if (!isConnected)
        {
            DatagramSocket.Close(socket);
            return false;
        }

        LinuxRelaySocket.Configure(socket, endPoint.AddressFamily);
        (Socket, IsConnected) = (socket, true);
        return true;
    }

    /// <summary>Closes the connected socket, if there is one.</summary>
    public void Close()
    {
        if (IsConnected)
        {
            DatagramSocket.Close(Socket);
            (Socket, IsConnected) = (_relaySocket, false);
        }
    }

    private static void Share(int socket, int value) => DatagramSocket.Set(socket, Constants.LevelSocket, Constants.ReuseAddress, value);
}
