using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// A part of a TURN server that owns its allocations: bytes and time in, outputs to a sink. RFC 8656, and RFC 8489 for Binding.
/// One caller at a time, no locks inside; a client's messages all go to one shard, chosen by its <see cref="FiveTuple"/>, and a
/// relay socket's datagrams to the shard that asked for it.
/// <para>
/// There are two ways through for data. <see cref="ReceiveFromClient"/> and <see cref="ReceiveFromPeer"/> take one message and put
/// out what follows. An engine that moves whole batches asks <see cref="TryRouteFromClient(in FiveTuple, ushort, int, int, Instant, out ClientRoute)"/>
/// and <see cref="RouteFromPeer"/> once for a run of datagrams and moves the bytes itself. Both check and count alike, and neither allocates.
/// </para>
/// </summary>
public sealed partial class TurnShard
{
    /// <summary>Bytes that <see cref="ReceiveFromPeer"/> needs in front of the data: room for a ChannelData header, or all of a Data indication that precedes it.</summary>
    public const int Headroom = 48;

    /// <summary>Bytes that <see cref="ReceiveFromPeer"/> needs behind the data, for padding.</summary>
    public const int Tailroom = 3;

#pragma warning disable CA1822 // The contract stands; the allocations behind it come with the next commit.
    private readonly TurnRegistry _registry;

    internal TurnShard(TurnRegistry registry, int number)
    {
        _registry = registry;
        Number = number;
    }

    /// <summary>The shard's place among those of its registry, from 0.</summary>
    public int Number { get; }

    /// <summary>Allocations that live in this shard.</summary>
    public int AllocationCount => 0;

    /// <summary>When <see cref="Tick"/> next has work to do; <see cref="Instant.Never"/> if nothing is waiting. What has expired is dead even before that call.</summary>
    public Instant NextDeadline => Instant.Never;

    /// <summary>
    /// Says what wall-clock time it is, for the expiry of credentials and nonces only. Call it before the first message and again
    /// now and then (each minute, say): between calls the shard counts on with monotonic time.
    /// </summary>
    public void SetWallClock(Instant now, DateTimeOffset wallClock) => _ = (now, wallClock);

    /// <summary>Takes one datagram, or one frame of a stream, from a client. The shard may overwrite it.</summary>
    public void ReceiveFromClient<TSink>(in FiveTuple client, Span<byte> message, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (StunMessage.TryParse(message, out var request) && request.Class == StunClass.Request && request.Method == StunMethod.Binding)
        {
            Span<byte> buffer = stackalloc byte[128];
            var reply = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
            reply.AddXorAddress(StunAttributeType.XorMappedAddress, client.Client);
            if (reply.TryFinish(out var bytes))
            {
                sink.Send(client, bytes);
            }
        }
    }

    /// <summary>
    /// Takes one datagram that a peer sent to an allocation's relayed address, or that another shard handed over.
    /// <paramref name="buffer"/> holds <see cref="Headroom"/> free bytes, the data, and <see cref="Tailroom"/> free bytes; headers
    /// are written around the data in place.
    /// </summary>
    public void ReceiveFromPeer<TSink>(AllocationId allocation, in PeerAddress peer, Span<byte> buffer, int dataLength, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
    }

    /// <summary>
    /// Takes an ICMP error about a datagram that an allocation sent to a peer, and tells the client. RFC 8656 section 11.5.
    /// </summary>
    /// <param name="allocation">Whose datagram it was.</param>
    /// <param name="peer">Where the datagram went; port 0 if the system does not say.</param>
    /// <param name="type">ICMP type; other than the RFC's (3 and 11, for IPv6 1 to 3) are dropped.</param>
    /// <param name="code">ICMP code.</param>
    /// <param name="mtu">For the "too big" kinds, the MTU of the next hop.</param>
    /// <param name="now">The time.</param>
    /// <param name="sink">Takes the outputs.</param>
    public void ReceiveIcmp<TSink>(AllocationId allocation, in PeerAddress peer, byte type, byte code, uint mtu, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
    }

    /// <summary>The engine opened the socket that <see cref="ITurnSink.OpenRelay"/> asked for. If nobody waits for it any more, the sink is told to close it.</summary>
    public void RelayOpened<TSink>(AllocationId allocation, in RelayedTransportAddress address, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
    }

    /// <summary>The engine could not open the socket that <see cref="ITurnSink.OpenRelay"/> asked for; for want of a pair of ports, of a free port, or because the system refused.</summary>
    public void RelayFailed<TSink>(AllocationId allocation, AddressFamily family, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
    }

    /// <summary>A client's stream ended: its allocation, if any, is freed at once.</summary>
    public void ClientGone<TSink>(in FiveTuple client, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
    }

    /// <summary>Frees what has expired. Call it when <see cref="NextDeadline"/> has come; late is harmless, early does nothing.</summary>
    public void Tick<TSink>(Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
    }

    /// <summary>
    /// Resolves a client's channel for a run of datagrams, checks limits and counts the run. False: drop it (counted too).
    /// </summary>
    /// <param name="client">Who sent the run.</param>
    /// <param name="channel">The channel number of all its messages.</param>
    /// <param name="packets">How many messages.</param>
    /// <param name="bytes">How many bytes of data in all, headers left out.</param>
    /// <param name="now">The time.</param>
    /// <param name="route">Where the data goes.</param>
    public bool TryRouteFromClient(in FiveTuple client, ushort channel, int packets, int bytes, Instant now, out ClientRoute route)
    {
        route = default;
        return false;
    }

    /// <summary>As the other overload, for an engine that already knows the allocation: by <see cref="TryFindAllocation"/>, or because the stream has one client.</summary>
    public bool TryRouteFromClient(AllocationId allocation, ushort channel, int packets, int bytes, Instant now, out ClientRoute route)
    {
        route = default;
        return false;
    }

    /// <summary>Finds a client's live allocation.</summary>
    public bool TryFindAllocation(in FiveTuple client, Instant now, out AllocationId allocation)
    {
        allocation = default;
        return false;
    }

    /// <summary>Resolves a peer of an allocation for a run of datagrams, checks permission and limits, and counts the run.</summary>
    /// <param name="allocation">Whose relayed address the run came to.</param>
    /// <param name="peer">Who sent it.</param>
    /// <param name="packets">How many datagrams.</param>
    /// <param name="bytes">How many bytes in all.</param>
    /// <param name="now">The time.</param>
    /// <param name="route">Where the data goes, if the answer is <see cref="PeerRouting.ChannelData"/>.</param>
    public PeerRouting RouteFromPeer(AllocationId allocation, in PeerAddress peer, int packets, int bytes, Instant now, out PeerRoute route)
    {
        route = default;
        return PeerRouting.Drop;
    }

    /// <summary>
    /// Whether an allocation relays to exactly one peer through its socket of a family: one permission, and one channel, for the
    /// same IP address. Peers that are allocations of this server do not count, since nothing for them passes the socket.
    /// <para>
    /// A socket that is connected to that peer no longer receives from other ports of its IP address, which the permission
    /// admits and peers behind a symmetric NAT use: keep an unconnected socket on the same port beside it.
    /// </para>
    /// </summary>
    public bool TryGetSolePeer(AllocationId allocation, AddressFamily family, Instant now, out PeerAddress peer)
    {
        peer = default;
        return false;
    }
}
