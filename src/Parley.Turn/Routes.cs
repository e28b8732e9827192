using Parley.Stun;

namespace Parley.Turn;

/// <summary>Where data of a client goes: to a peer through the relay socket, or to another allocation of this server.</summary>
public readonly struct ClientRoute
{
    internal ClientRoute(AllocationId allocation, in PeerAddress peer, in HandOverTarget target, in PeerAddress source)
    {
        Allocation = allocation;
        Peer = peer;
        Target = target;
        Source = source;
    }

    /// <summary>The allocation that the data is sent on.</summary>
    public AllocationId Allocation { get; }

    /// <summary>The peer that the channel is bound to.</summary>
    public PeerAddress Peer { get; }

    /// <summary>
    /// Whether the peer is a live allocation of this server. Then nothing goes out of the relay socket: call
    /// <see cref="TurnShard.RouteFromPeer"/> of shard <see cref="HandOverTarget.Shard"/>, on its own thread, with
    /// <see cref="Target"/>'s allocation and <see cref="Source"/> as the peer.
    /// </summary>
    public bool IsHandOver => Target.Allocation.Generation != 0;

    /// <summary>The receiving allocation, if <see cref="IsHandOver"/>.</summary>
    public HandOverTarget Target { get; }

    /// <summary>This allocation's relayed address, which is the peer that the target sees; if <see cref="IsHandOver"/>.</summary>
    public PeerAddress Source { get; }
}

/// <summary>What to do with data of a peer.</summary>
public enum PeerRouting
{
    /// <summary>Nothing: no live allocation, no permission, or over a limit. Counted as dropped.</summary>
    Drop,

    /// <summary>Send it as ChannelData to <see cref="PeerRoute.Client"/>. Counted as relayed.</summary>
    ChannelData,

    /// <summary>No channel is bound: pass each datagram to <see cref="TurnShard.ReceiveFromPeer"/>, which makes a Data indication. Not counted yet.</summary>
    DataIndication,
}

/// <summary>Where data of a peer goes.</summary>
public readonly struct PeerRoute
{
    internal PeerRoute(in FiveTuple client, ushort channel)
    {
        Client = client;
        Channel = channel;
    }

    /// <summary>The client.</summary>
    public FiveTuple Client { get; }

    /// <summary>The channel to write in front of the data with <see cref="ChannelData.WriteHeader"/>; on streams, pad to four bytes.</summary>
    public ushort Channel { get; }
}
