using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Parley.Stun;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// The batched engine: one epoll, level-triggered; <c>recvmmsg</c> with GRO in, <c>sendmmsg</c> with UDP_SEGMENT out; datagrams
/// are sent from where they were received, with headers written in front in place. No allocation and no lock per packet.
/// </summary>
internal sealed unsafe class LinuxEngine : RelayEngine
{
    private const int MaxEvents = 256;
    private const int ListenerBatch = 64;
    private const int MaxRelayBatch = 16;
    private const int MaxErrors = 16;
    private const int QueueCapacity = 4096;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly EpollEvents _events = new(MaxEvents);
    private readonly PollTable _polled = new();
    private readonly IReadOnlyList<Listener> _listeners;
    private readonly ReceiveBatch _received = new(2 * ListenerBatch);
    private readonly MessageBatch _batch;
    private readonly SendQueue _toClients;
    private readonly SendQueue _toPeers;
    private readonly ReplyDestinations _replies = new();
    private LinuxAllocation?[] _allocations = new LinuxAllocation?[64];
    private int _slot;

    public LinuxEngine(EngineGroup group, TurnShard shard, IReadOnlyList<Listener> listeners, bool joins, ILogger logger)
        : base(group, shard, logger)
    {
        _listeners = listeners;
        _batch = new MessageBatch(joins, Counters);
        _toClients = new SendQueue(_batch, QueueCapacity);
        _toPeers = new SendQueue(_batch, QueueCapacity);
        _epoll = LibC.EpollCreate(Constants.EpollCloseOnExec);
        _wake = LibC.EventFd(0, Constants.EventFdNonBlocking | Constants.EventFdCloseOnExec);
        if (_epoll < 0 || _wake < 0)
        {
            throw DatagramSocket.Failure("make an epoll and an event", LibC.LastError);
        }

        Poll(new PollTable.Entry(_wake, null, null));
        foreach (var listener in listeners)
        {
            Poll(new PollTable.Entry(listener.Socket, listener, null));
        }
    }

    public override IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => listener.EndPoint)];

    public override int RelaySocketCount => _polled.Count - 1 - _listeners.Count;

    public override void SendToPeer(AllocationId allocation, in PeerAddress peer, in DatagramRun run, bool dontFragment)
    {
        if (Find(allocation) is not { } found || found[peer.Family] is not { } relay)
        {
            return;
        }

        var path = relay.FindPath(peer) ?? AddPath(relay, peer);
        if (path.IsTimeToConnect(run.Count) && path.TryConnect())
        {
            path.PollIndex = Poll(new PollTable.Entry(path.Socket, null, relay));
            if (path.PollIndex == 0)
            {
                path.Close(); // Else what the peer sends would lie in a socket that nobody reads.
            }
        }

        if (dontFragment)
        {
            SendUnfragmented(path, peer, run);
            return;
        }

        if (_toPeers.Room < run.Count)
        {
            SendQueued();
        }

        for (var i = 0; i < run.Count; i++)
        {
            _toPeers.Add(path, run.At(i), run.LengthAt(i));
        }
    }

    protected override void SendDatagram(in FiveTuple client, ReadOnlySpan<byte> message)
    {
        if (FindListener(client.Server) is not { } listener)
        {
            return;
        }

        if (_toClients.Room == 0 || _replies.IsExhausted)
        {
            SendQueued();
        }

        // A relayed message lies in a receive buffer or in scratch memory; a reply of the shard's own lies on its stack.
        var bytes = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(message));
        if (!_received.Contains(bytes) && !ScratchMemory.Contains(bytes))
        {
            bytes = Scratch(message.Length);
            message.CopyTo(new Span<byte>(bytes, message.Length));
        }

        _toClients.Add(_replies.Get(listener.Socket, client.Client), bytes, message.Length);
    }

    protected override void SendChannelData(AllocationId allocation, in FiveTuple client, ushort channel, in DatagramRun run)
    {
        if (Find(allocation) is not { } found)
        {
            return;
        }

        if (found.Client is not { } destination)
        {
            if (FindListener(client.Server) is not { } listener)
            {
                return;
            }

            destination = found.Client = new Destination(listener.Socket, SockAddr.From(client.Client));
        }

        if (_toClients.Room < run.Count)
        {
            SendQueued();
        }

        if (run.HasHeaderRoom || run.Count == 1)
        {
            for (var i = 0; i < run.Count; i++)
            {
                var length = run.LengthAt(i);
                var message = run.At(i) - ChannelData.HeaderSize;
                ChannelData.WriteHeader(new Span<byte>(message, ChannelData.HeaderSize), channel, length);
                _toClients.Add(destination, message, ChannelData.HeaderSize + length);
            }

            return;
        }

        // Joined by the kernel without a gap, so the headers lie elsewhere: one for all, one for a shorter last.
        var headers = Scratch(2 * ChannelData.HeaderSize);
        ChannelData.WriteHeader(new Span<byte>(headers, ChannelData.HeaderSize), channel, run.Length);
        ChannelData.WriteHeader(new Span<byte>(headers + ChannelData.HeaderSize, ChannelData.HeaderSize), channel, run.LastLength);
        for (var i = 0; i < run.Count; i++)
        {
            var header = i == run.Count - 1 ? headers + ChannelData.HeaderSize : headers;
            _toClients.Add(destination, header, ChannelData.HeaderSize, run.At(i), run.LengthAt(i));
        }
    }

    protected override void Wake()
    {
        var one = 1L;
        _ = LibC.Write(_wake, &one, sizeof(long));
    }

    protected override void WaitAndReceive(int timeoutMs)
    {
        var ready = _events.Wait(_epoll, timeoutMs);
        BeginRound();
        for (var i = 0; i < ready; i++)
        {
            if (_polled[_events[i]] is not { } entry)
            {
                continue;
            }

            if (entry.Relay is { } relay)
            {
                if (_events.IsError(i))
                {
                    ReceiveErrors(entry, relay);
                }

                ReceiveFromRelay(entry, relay);
            }
            else if (entry.Listener is { } listener)
            {
                ReceiveFromListener(entry, listener);
            }
            else
            {
                long count;
                _ = LibC.Read(_wake, &count, sizeof(long));
            }
        }
    }

    protected override void SendQueued()
    {
        _toPeers.Flush();
        _toClients.Flush();
        _replies.Reset();
    }

    protected override void EndRound() => _slot = 0;

    protected override RelaySocket? TryBind(Stun.AddressFamily family, int port, out bool isPortTaken)
    {
        isPortTaken = false;
        if (Group.BindAddress(family) is not { } address)
        {
            return null;
        }

        var socket = DatagramSocket.TryOpen(address.AddressFamily);
        if (socket < 0)
        {
            return null;
        }

        var error = DatagramSocket.Bind(socket, new IPEndPoint(address, port));
        if (error != 0)
        {
            DatagramSocket.Close(socket);
            isPortTaken = error == Constants.ErrorAddressInUse;
            return null;
        }

        LinuxRelaySocket.Configure(socket, address.AddressFamily);
        return new LinuxRelaySocket(family, port, socket);
    }

    protected override bool TryAttach(AllocationId allocation, RelaySocket socket)
    {
        var relay = (LinuxRelaySocket)socket;
        if (allocation.Index >= _allocations.Length)
        {
            Array.Resize(ref _allocations, Math.Max(2 * _allocations.Length, allocation.Index + 1));
        }

        ref var place = ref _allocations[allocation.Index];
        if (place is null || place.Id != allocation)
        {
            place = new LinuxAllocation(allocation);
        }

        relay.Allocation = allocation;
        relay.PollIndex = Poll(new PollTable.Entry(relay.Descriptor, null, relay));
        if (relay.PollIndex == 0)
        {
            return false;
        }

        place[relay.Family] = relay;
        return true;
    }

    protected override RelaySocket? Detach(AllocationId allocation, Stun.AddressFamily family)
    {
        if (Find(allocation) is not { } found || found[family] is not { } relay)
        {
            return null;
        }

        // What is queued for the socket must leave before it is closed, and its number is used again.
        SendQueued();
        _polled.Remove(relay.PollIndex);
        foreach (var path in relay.Paths)
        {
            Forget(path);
        }

        found[family] = null;
        if (found.IPv4 is null && found.IPv6 is null)
        {
            _allocations[allocation.Index] = null;
        }

        return relay;
    }

    protected override void CloseSockets()
    {
        foreach (var listener in _listeners)
        {
            DatagramSocket.Close(listener.Socket);
        }

        DatagramSocket.Close(_epoll);
    }

    public override void Dispose()
    {
        DatagramSocket.Close(_wake);
        _events.Dispose();
        _received.Dispose();
        _toClients.Dispose();
        _toPeers.Dispose();
        _batch.Dispose();
        base.Dispose();
    }

    private void ReceiveFromListener(PollTable.Entry entry, Listener listener)
    {
        var received = Receive(entry, ListenerBatch);
        for (var i = _slot - received; i < _slot; i++)
        {
            var client = new FiveTuple(TransportProtocol.Udp, _received.From(i)->ToTransportAddress(), listener.Address);
            ReceiveFromClient(client, _received.Data(i), _received.Length(i), _received.SegmentSize(i));
        }
    }

    private void ReceiveFromRelay(PollTable.Entry entry, LinuxRelaySocket relay)
    {
        var received = Receive(entry, MaxRelayBatch);
        for (var i = _slot - received; i < _slot; i++)
        {
            var peer = new PeerAddress(_received.From(i)->ToTransportAddress());
            var length = _received.Length(i);
            var segment = _received.SegmentSize(i);
            var count = length <= segment ? 1 : (length + segment - 1) / segment;
            ReceiveFromPeer(relay.Allocation, peer, new DatagramRun(_received.Data(i), segment, count, segment, length - ((count - 1) * segment), hasHeaderRoom: false));
        }
    }

    private void ReceiveErrors(PollTable.Entry entry, LinuxRelaySocket relay)
    {
        for (var i = 0; i < MaxErrors && IcmpErrors.TryRead(entry.Descriptor, out var destination, out var type, out var code, out var mtu); i++)
        {
            ReceiveIcmp(relay.Allocation, new PeerAddress(destination), type, code, mtu);
        }
    }

    /// <summary>Fills the next slots; the socket's appetite follows what it had. What is left over, epoll reports again.</summary>
    private int Receive(PollTable.Entry entry, int max)
    {
        var wanted = Math.Min(entry.Appetite, max);
        if (_slot + wanted > _received.Capacity)
        {
            SendQueued();
            _slot = 0;
        }

        // Errors are those of earlier sends (ICMP), or nothing: neither is a reason to do anything.
        var received = Math.Max(0, _received.Receive(entry.Descriptor, _slot, wanted));
        entry.Appetite = received == wanted ? Math.Min(2 * wanted, max) : Math.Max(1, received);
        _slot += received;
        return received;
    }

    private PeerPath AddPath(LinuxRelaySocket relay, in PeerAddress peer)
    {
        var path = relay.AddPath(peer, out var displaced);
        if (displaced is not null)
        {
            SendQueued();
            Forget(displaced);
            displaced.Close();
        }

        return path;
    }

    private void Forget(PeerPath? path)
    {
        if (path is { PollIndex: > 0 })
        {
            _polled.Remove(path.PollIndex);
            path.PollIndex = 0;
        }
    }

    /// <summary>Linux knows "don't fragment" per socket only, so it is set for as long as the datagrams take to leave.</summary>
    private void SendUnfragmented(PeerPath path, in PeerAddress peer, in DatagramRun run)
    {
        SendQueued();
        var family = peer.Family == Stun.AddressFamily.IPv6 ? System.Net.Sockets.AddressFamily.InterNetworkV6 : System.Net.Sockets.AddressFamily.InterNetwork;
        LinuxRelaySocket.SetDontFragment(path.Socket, family, true);
        for (var i = 0; i < run.Count; i++)
        {
            _toPeers.Add(path, run.At(i), run.LengthAt(i));
        }

        SendQueued();
        LinuxRelaySocket.SetDontFragment(path.Socket, family, false);
    }

    private LinuxAllocation? Find(AllocationId allocation) =>
        allocation.Index < _allocations.Length && _allocations[allocation.Index] is { } found && found.Id == allocation ? found : null;

    private Listener? FindListener(in TransportAddress address)
    {
        foreach (var listener in _listeners)
        {
            if (listener.Address == address)
            {
                return listener;
            }
        }

        return null;
    }

    private int Poll(PollTable.Entry entry)
    {
        var index = _polled.Add(entry);
        if (EpollEvents.Add(_epoll, entry.Descriptor, index))
        {
            return index;
        }

        _polled.Remove(index);
        return 0;
    }
}
