using System.Net.Sockets;

namespace Parley.Turn.Hosting.Linux;

/// <summary>A relay socket and the paths from it to the peers in use.</summary>
internal sealed class LinuxRelaySocket(Stun.AddressFamily family, int port, int descriptor) : RelaySocket(family, port)
{
    /// <summary>Bytes of the buffers of each relay socket; taken only while data waits in them.</summary>
    private const int BufferBytes = 1 << 20;

    /// <summary>Peers that data was sent to lately. A call has one or two at a time, and a few more while it looks for its path.</summary>
    private const int MaxPaths = 8;

    private readonly PeerPath?[] _paths = new PeerPath?[MaxPaths];
    private PeerPath? _lastPath;
    private int _nextVictim;

    public int Descriptor { get; } = descriptor;

    /// <summary>The socket's place among what the engine polls.</summary>
    public int PollIndex { get; set; }

    public ReadOnlySpan<PeerPath?> Paths => _paths;

    public static void Configure(int socket, AddressFamily family)
    {
        DatagramSocket.SetBuffers(socket, BufferBytes);
        DatagramSocket.Set(socket, Constants.LevelUdp, Constants.UdpGro, 1);

        // Clients are told of ICMP errors. RFC 8656 section 11.5.
        var isInternet6 = family == AddressFamily.InterNetworkV6;
        DatagramSocket.Set(socket, isInternet6 ? Constants.LevelIpv6 : Constants.LevelIp, isInternet6 ? Constants.Ipv6ReceiveErrors : Constants.IpReceiveErrors, 1);

        // Without DONT-FRAGMENT the relay clears the bit, and packets too large for the path are fragmented. RFC 8656 section 15.
        SetDontFragment(socket, family, false);
    }

    public static void SetDontFragment(int socket, AddressFamily family, bool value)
    {
        var isInternet6 = family == AddressFamily.InterNetworkV6;
        DatagramSocket.Set(
            socket,
            isInternet6 ? Constants.LevelIpv6 : Constants.LevelIp,
            isInternet6 ? Constants.Ipv6MtuDiscover : Constants.IpMtuDiscover,
            value ? Constants.MtuDiscoverAlways : Constants.MtuDiscoverNever);
    }

    /// <summary>The path to a peer; null if it is not known yet.</summary>
    public PeerPath? FindPath(in PeerAddress peer)
    {
        if (_lastPath is { } last && last.Peer == peer)
        {
            return last;
        }

        foreach (var path in _paths)
        {
            if (path is not null && path.Peer == peer)
            {
                return _lastPath = path;
            }
        }

        return null;
    }

    /// <summary>Adds a path. What it displaces, if anything, is the caller's to close, after its datagrams are sent.</summary>
    public PeerPath AddPath(in PeerAddress peer, out PeerPath? displaced)
    {
        var index = Array.IndexOf(_paths, null);
        if (index < 0)
        {
            index = _nextVictim++ % MaxPaths;
        }

        displaced = _paths[index];
        return _lastPath = _paths[index] = new PeerPath(Descriptor, peer);
    }

    public override void Close()
    {
        foreach (var path in _paths)
        {
            path?.Close();
        }

        DatagramSocket.Close(Descriptor);
    }
}
