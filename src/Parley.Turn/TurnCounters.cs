using Parley.Stun;

namespace Parley.Turn;

/// <summary>Why data or a message was dropped without a reply.</summary>
public enum TurnDropReason
{
    /// <summary>Neither STUN nor ChannelData, or against their rules.</summary>
    Malformed,

    /// <summary>No live allocation for it.</summary>
    NoAllocation,

    /// <summary>ChannelData on a number that is not bound.</summary>
    NoChannel,

    /// <summary>No permission for the peer.</summary>
    NoPermission,

    /// <summary>The peer filter forbids the peer.</summary>
    ForbiddenPeer,

    /// <summary>The peer is a relayed address of this server that no live allocation has.</summary>
    NobodyThere,

    /// <summary>Over the packet or byte rate of the allocation.</summary>
    OverRate,

    /// <summary>Larger than a datagram can carry with its header.</summary>
    TooLarge,

    /// <summary>A reply that the budget of its source prefix did not allow.</summary>
    ReplyBudget,
}

/// <summary>Why an allocation ended.</summary>
public enum AllocationEndReason
{
    /// <summary>The client said so: Refresh with lifetime 0.</summary>
    Released,

    /// <summary>It was not refreshed in time.</summary>
    Expired,

    /// <summary>Its stream ended.</summary>
    ClientGone,

    /// <summary>Its credential was revoked.</summary>
    Revoked,

    /// <summary>Its relay socket broke.</summary>
    RelayLost,

    /// <summary>The engine could not open a relay socket; the client was told 508.</summary>
    NeverOpened,

    /// <summary>The server closes.</summary>
    Closed,
}

/// <summary>
/// What a shard has done since it was made. Written by the shard's thread; any other may read, and sees each number whole, if
/// perhaps a moment old.
/// </summary>
public sealed class TurnCounters
{
    private readonly long[] _packetsFromClients = new long[3];
    private readonly long[] _bytesFromClients = new long[3];
    private readonly long[] _packetsFromPeers = new long[3];
    private readonly long[] _bytesFromPeers = new long[3];
    private readonly long[] _drops = new long[Enum.GetValues<TurnDropReason>().Length];
    private readonly long[] _ended = new long[Enum.GetValues<AllocationEndReason>().Length];
    private readonly long[] _refusals = new long[600];
    private long _created;
    private long _handedOver;
    private long _bindings;

    /// <summary>Allocations that were granted.</summary>
    public long AllocationsCreated => Volatile.Read(ref _created);

    /// <summary>Datagrams relayed from one allocation to another within the process; counted among those from clients too.</summary>
    public long PacketsHandedOver => Volatile.Read(ref _handedOver);

    /// <summary>Binding requests answered.</summary>
    public long BindingsAnswered => Volatile.Read(ref _bindings);

    /// <summary>Allocations, pending ones included, that ended for a reason.</summary>
    public long AllocationsEnded(AllocationEndReason reason) => Volatile.Read(ref _ended[(int)reason]);

    /// <summary>Error responses with a code.</summary>
    public long Refusals(StunErrorCode code) => Volatile.Read(ref _refusals[(int)code]);

    /// <summary>Messages and data dropped for a reason.</summary>
    public long Drops(TurnDropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    /// <summary>Datagrams relayed from clients that use a transport.</summary>
    public long PacketsFromClients(TransportProtocol transport) => Volatile.Read(ref _packetsFromClients[(int)transport]);

    /// <summary>Bytes of data relayed from clients that use a transport.</summary>
    public long BytesFromClients(TransportProtocol transport) => Volatile.Read(ref _bytesFromClients[(int)transport]);

    /// <summary>Datagrams relayed to clients that use a transport.</summary>
    public long PacketsFromPeers(TransportProtocol transport) => Volatile.Read(ref _packetsFromPeers[(int)transport]);

    /// <summary>Bytes of data relayed to clients that use a transport.</summary>
    public long BytesFromPeers(TransportProtocol transport) => Volatile.Read(ref _bytesFromPeers[(int)transport]);

    internal void Created() => _created++;

    internal void Ended(AllocationEndReason reason) => _ended[(int)reason]++;

    internal void Refused(StunErrorCode code) => _refusals[(int)code]++;

    internal void Dropped(TurnDropReason reason, int packets = 1) => _drops[(int)reason] += packets;

    internal void BindingAnswered() => _bindings++;

    internal void FromClient(TransportProtocol transport, int packets, int bytes, bool handedOver)
    {
        _packetsFromClients[(int)transport] += packets;
        _bytesFromClients[(int)transport] += bytes;
        _handedOver += handedOver ? packets : 0;
    }

    internal void FromPeer(TransportProtocol transport, int packets, int bytes)
    {
        _packetsFromPeers[(int)transport] += packets;
        _bytesFromPeers[(int)transport] += bytes;
    }
}
