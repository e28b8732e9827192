using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Parley.Stun;
using AddressFamily = Parley.Stun.AddressFamily;

namespace Parley.Turn.Hosting.Portable;

/// <summary>
/// The engine without native code: one thread on <see cref="Socket.Select(System.Collections.IList?, System.Collections.IList?, System.Collections.IList?, int)"/>,
/// one datagram per call. Never one asynchronous loop per socket: that was measured to cost several times as much.
/// </summary>
internal sealed unsafe class PortableEngine : RelayEngine
{
    private const int DatagramsPerSocket = 16;
    private const int MaxDatagramBytes = 65536;

    private readonly List<Socket> _polled = [];
    private readonly List<Socket> _ready = [];
    private readonly Dictionary<Socket, PortableListener> _listeners = [];
    private readonly Dictionary<Socket, PortableRelaySocket> _relays = [];
    private readonly Socket _wake;
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(TurnShard.Headroom + MaxDatagramBytes + TurnShard.Tailroom);
    private readonly SocketAddress _fromIPv4 = new(System.Net.Sockets.AddressFamily.InterNetwork);
    private readonly SocketAddress _fromIPv6 = new(System.Net.Sockets.AddressFamily.InterNetworkV6);
    private PortableRelaySocket?[] _allocations = new PortableRelaySocket?[64];

    public PortableEngine(EngineGroup group, TurnShard shard, IReadOnlyList<PortableListener> listeners, ILogger logger)
        : base(group, shard, logger)
    {
        foreach (var listener in listeners)
        {
            _listeners.Add(listener.Socket, listener);
            _polled.Add(listener.Socket);
        }

        // A socket that sends to itself is the one way to interrupt Select everywhere.
        _wake = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        _polled.Add(_wake);
    }

    public override IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Values.Select(listener => listener.EndPoint)];

    public override int RelaySocketCount => _relays.Count;

    public override void SendToPeer(AllocationId allocation, in PeerAddress peer, in DatagramRun run, bool dontFragment)
    {
        if (Find(allocation, peer.Family) is not { } relay)
        {
            return;
        }

        // IPv6 routers never fragment, and the framework does not let us keep our own host from it: it throws if asked.
        dontFragment &= peer.Family == AddressFamily.IPv4;
        if (dontFragment)
        {
            relay.Socket.DontFragment = true;
        }

        var address = relay.AddressOf(peer);
        for (var i = 0; i < run.Count; i++)
        {
            Send(relay.Socket, new ReadOnlySpan<byte>(run.At(i), run.LengthAt(i)), address);
        }

        if (dontFragment)
        {
            relay.Socket.DontFragment = false;
        }
    }

    protected override void SendDatagram(in FiveTuple client, ReadOnlySpan<byte> message)
    {
        foreach (var (_, listener) in _listeners)
        {
            if (listener.Address == client.Server)
            {
                Send(listener.Socket, message, listener.AddressOf(client.Client));
                return;
            }
        }
    }

    protected override void SendChannelData(AllocationId allocation, in FiveTuple client, ushort channel, in DatagramRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var length = run.LengthAt(i);
            var message = new Span<byte>(run.At(i) - ChannelData.HeaderSize, ChannelData.HeaderSize + length);
            ChannelData.WriteHeader(message, channel, length);
            SendDatagram(client, message);
        }
    }

    protected override void Wake()
    {
        try
        {
            _wake.Send([1]);
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            // Full of wake-ups already.
        }
        catch (ObjectDisposedException)
        {
            // The thread has ended, so there is nobody to wake.
        }
    }

    protected override void WaitAndReceive(int timeoutMs)
    {
        _ready.Clear();
        _ready.AddRange(_polled);
        Socket.Select(_ready, null, null, timeoutMs * 1000);
        BeginRound();
        foreach (var socket in _ready)
        {
            // Any of these may have been closed meanwhile, by what was received before it.
            if (_listeners.TryGetValue(socket, out var listener))
            {
                ReceiveAll(socket, listener, null);
            }
            else if (_relays.TryGetValue(socket, out var relay))
            {
                ReceiveAll(socket, null, relay);
            }
            else if (socket == _wake)
            {
                ReceiveAll(socket, null, null);
            }
        }
    }

    protected override void SendQueued()
    {
        // Everything is sent at once.
    }

    protected override void EndRound()
    {
    }

    protected override RelaySocket? TryBind(AddressFamily family, int port, out bool isPortTaken)
    {
        isPortTaken = false;
        if (Group.BindAddress(family) is not { } address)
        {
            return null;
        }

        try
        {
            return new PortableRelaySocket(family, port, PortableListener.Bind(new IPEndPoint(address, port), PortableRelaySocket.BufferBytes));
        }
        catch (SocketException ex)
        {
            isPortTaken = ex.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied;
            return null;
        }
    }

    protected override bool TryAttach(AllocationId allocation, RelaySocket socket)
    {
        var relay = (PortableRelaySocket)socket;
        var index = IndexOf(allocation, relay.Family);
        if (index >= _allocations.Length)
        {
            Array.Resize(ref _allocations, Math.Max(2 * _allocations.Length, index + 1));
        }

        relay.Allocation = allocation;
        _allocations[index] = relay;
        _relays.Add(relay.Socket, relay);
        _polled.Add(relay.Socket);
        return true;
    }

    protected override RelaySocket? Detach(AllocationId allocation, AddressFamily family)
    {
        if (Find(allocation, family) is not { } relay)
        {
            return null;
        }

        _allocations[IndexOf(allocation, family)] = null;
        _relays.Remove(relay.Socket);
        _polled.Remove(relay.Socket);
        return relay;
    }

    protected override void CloseSockets()
    {
        foreach (var listener in _listeners.Keys)
        {
            listener.Dispose();
        }

        _wake.Dispose();
    }

    public override void Dispose()
    {
        NativeMemory.Free(_buffer);
        base.Dispose();
    }

    private static int IndexOf(AllocationId allocation, AddressFamily family) => (2 * allocation.Index) + (family == AddressFamily.IPv6 ? 1 : 0);

    private PortableRelaySocket? Find(AllocationId allocation, AddressFamily family)
    {
        var index = IndexOf(allocation, family);
        return index < _allocations.Length && _allocations[index] is { } relay && relay.Allocation == allocation ? relay : null;
    }

    private void ReceiveAll(Socket socket, PortableListener? listener, PortableRelaySocket? relay)
    {
        var from = socket.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? _fromIPv6 : _fromIPv4;
        var data = _buffer + TurnShard.Headroom;
        for (var i = 0; i < DatagramsPerSocket && (i == 0 || HasMore(socket)); i++)
        {
            int length;
            try
            {
                length = socket.ReceiveFrom(new Span<byte>(data, MaxDatagramBytes), SocketFlags.None, from);
            }
            catch (SocketException)
            {
                return; // nothing there after all, or the ICMP error of an earlier send
            }

            var address = PortableListener.Read(from);
            if (listener is not null)
            {
                ReceiveFromClient(new FiveTuple(TransportProtocol.Udp, address, listener.Address), data, length, length);
            }
            else if (relay is not null)
            {
                ReceiveFromPeer(relay.Allocation, new PeerAddress(address), DatagramRun.Single(data, length));
            }
        }
    }

    // A socket that was closed by what it just delivered has no more.
    private static bool HasMore(Socket socket)
    {
        try
        {
            return socket.Available > 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void Send(Socket socket, ReadOnlySpan<byte> message, SocketAddress address)
    {
        try
        {
            socket.SendTo(message, SocketFlags.None, address);
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            Counters.SendBufferFull++;
        }
        catch (SocketException)
        {
            Counters.SendRefused++;
        }
    }
}
