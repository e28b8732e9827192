using System.Net;
using System.Net.Sockets;

namespace Parley.Turn.Hosting.Portable;

/// <summary>A relay socket of the framework.</summary>
internal sealed class PortableRelaySocket(Stun.AddressFamily family, int port, Socket socket) : RelaySocket(family, port)
{
    /// <summary>Bytes of the buffers of each relay socket.</summary>
    public const int BufferBytes = 1 << 20;

    private readonly SocketAddress _to = new(socket.AddressFamily);
    private PeerAddress _lastPeer;

    public Socket Socket { get; } = socket;

    /// <summary>A peer's address as the framework wants it; valid until the next call.</summary>
    public SocketAddress AddressOf(in PeerAddress peer)
    {
        if (peer != _lastPeer)
        {
            PortableListener.Write(_to, peer.Value);
            _lastPeer = peer;
        }

        return _to;
    }

    public override void Close() => Socket.Dispose();
}
