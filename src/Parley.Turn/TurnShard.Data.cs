using System.Buffers.Binary;
using Parley.Stun;

namespace Parley.Turn;

// Application data: RFC 8656 sections 11 and 12. Nothing here allocates, save a scratch buffer once.
public sealed partial class TurnShard
{
    /// <summary>Bytes that <see cref="ReceiveFromPeer"/> needs in front of the data: room for a ChannelData header, or for all of a Data indication that precedes it.</summary>
    public const int Headroom = StunHeader.Size + StunHeader.AttributeHeaderSize + 20 + StunHeader.AttributeHeaderSize;

    /// <summary>Bytes that <see cref="ReceiveFromPeer"/> needs behind the data, for padding.</summary>
    public const int Tailroom = 3;

    // What UDP over IPv4 carries at most.
    private const int MaxDatagram = 65_507;

    private byte[]? _scratch;

    private enum Reach
    {
        Socket,
        HandOver,
        Nobody,
        Forbidden,
    }

    /// <summary>
    /// Takes one datagram that a peer sent to an allocation's relayed address, or that another shard handed over.
    /// <paramref name="buffer"/> holds <see cref="Headroom"/> free bytes, the data, and <see cref="Tailroom"/> free bytes; headers
    /// are written around the data in place. RFC 8656 sections 11.3 and 12.7.
    /// </summary>
    public void ReceiveFromPeer<TSink>(AllocationId allocation, in PeerAddress peer, Span<byte> buffer, int dataLength, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, Headroom + dataLength + Tailroom);
        switch (RouteFromPeer(allocation, peer, 1, dataLength, now, out var route))
        {
            case PeerRouting.ChannelData:
                SendChannelData(route, buffer, dataLength, ref sink);
                break;
            case PeerRouting.DataIndication when TryGetLive(allocation, now, out var found):
                SendDataIndication(found, peer, buffer, dataLength, now, ref sink);
                break;
        }
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
    public bool TryRouteFromClient(in FiveTuple client, ushort channel, int packets, int bytes, Instant now, out ClientRoute route) =>
        TryRouteFromClient(FindLive(client, now), channel, packets, bytes, now, out route);

    /// <summary>As the other overload, for an engine that already knows the allocation: by <see cref="TryFindAllocation"/>, or because the stream has one client.</summary>
    public bool TryRouteFromClient(AllocationId allocation, ushort channel, int packets, int bytes, Instant now, out ClientRoute route) =>
        TryRouteFromClient(TryGetLive(allocation, now, out var found) ? found : null, channel, packets, bytes, now, out route);

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
        if (!TryGetLive(allocation, now, out var found) || !found.Relay(peer.Family).IsLive(now))
        {
            Counters.Dropped(TurnDropReason.NoAllocation, packets);
            return PeerRouting.Drop;
        }

        if (!found.Permissions.Permits(peer.Value.Address, now))
        {
            Counters.Dropped(TurnDropReason.NoPermission, packets);
            return PeerRouting.Drop;
        }

        var channel = found.Channels.Find(peer, now);
        if (channel == 0)
        {
            return PeerRouting.DataIndication;
        }

        if (!AdmitFromPeer(found, packets, bytes, now))
        {
            return PeerRouting.Drop;
        }

        route = new PeerRoute(found.Client, channel);
        return PeerRouting.ChannelData;
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
        var isKnown = peer.Family == AddressFamily.IPv4 ? type is 3 or 11 : type is >= 1 and <= 3;
        if (!isKnown || !TryGetLive(allocation, now, out var found) || !found.Relay(peer.Family).IsLive(now) || !found.Permissions.Permits(peer.Value.Address, now))
        {
            return;
        }

        var isTooBig = peer.Family == AddressFamily.IPv4 ? type == 3 && code == 4 : type == 2;
        Span<byte> buffer = stackalloc byte[Headroom + 16];
        var indication = new StunWriter(buffer, StunClass.Indication, StunMethod.Data, _entropy.NextTransactionId());
        indication.AddXorAddress(StunAttributeType.XorPeerAddress, peer.Value);
        indication.AddIcmp(type, code, isTooBig ? mtu : 0);
        if (indication.TryFinish(out var message))
        {
            sink.Send(found.Client, message);
        }
    }

    private bool TryRouteFromClient(Allocation? allocation, ushort channel, int packets, int bytes, Instant now, out ClientRoute route)
    {
        route = default;
        if (allocation is null)
        {
            Counters.Dropped(TurnDropReason.NoAllocation, packets);
            return false;
        }

        if (!allocation.Channels.TryFind(channel, now, out var peer))
        {
            Counters.Dropped(TurnDropReason.NoChannel, packets);
            return false;
        }

        // The filter was asked when the channel was bound, and its rules do not change.
        return TryReach(allocation, peer, packets, bytes, now, out route);
    }

    // A peer that the filter allows: where its data goes, within the limits.
    private bool TryReach(Allocation allocation, in PeerAddress peer, int packets, int bytes, Instant now, out ClientRoute route)
    {
        route = default;
        ref var relay = ref allocation.Relay(peer.Family);
        if (!relay.IsLive(now))
        {
            Counters.Dropped(TurnDropReason.NoAllocation, packets);
            return false;
        }

        var reach = FindReach(peer, out var target);
        if (reach is Reach.Nobody or Reach.Forbidden)
        {
            Counters.Dropped(TurnDropReason.NobodyThere, packets);
            return false;
        }

        if (!allocation.PacketsFromClient.TryTake(packets, _settings.MaxPacketsPerSecond, _settings.MaxPacketsPerSecond, now) ||
            !allocation.BytesFromClient.TryTake(bytes, _settings.MaxBytesPerSecond, _settings.MaxBytesPerSecond, now))
        {
            Counters.Dropped(TurnDropReason.OverRate, packets);
            return false;
        }

        Counters.FromClient(allocation.Client.Protocol, packets, bytes, reach == Reach.HandOver);
        route = new ClientRoute(allocation.Id, peer, target, reach == Reach.HandOver ? relay.Address.AsPeer() : default);
        return true;
    }

    // Data for this server's own relay address stays in the process: it reaches a live allocation or nobody, never another
    // program of the host. Only where private peers are allowed, and the address is one, may it go out by the socket.
    private Reach FindReach(in PeerAddress peer, out HandOverTarget target)
    {
        if (_registry.Directory.TryFind(peer, out target))
        {
            return Reach.HandOver;
        }

        if (!_registry.Directory.IsRelayAddress(peer.Value.Address) || _registry.PeerFilter.Allows(peer.Value.Address))
        {
            return Reach.Socket;
        }

        return _registry.Directory.IsRelayPort(peer.Value.Port) ? Reach.Nobody : Reach.Forbidden;
    }

    private void ReceiveChannelData<TSink>(in FiveTuple client, Span<byte> message, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!ChannelData.TryParse(message, out var channel, out var data))
        {
            Counters.Dropped(TurnDropReason.Malformed);
            return;
        }

        if (!TryRouteFromClient(FindLive(client, now), channel, 1, data.Length, now, out var route))
        {
            return;
        }

        if (!route.IsHandOver)
        {
            sink.RelayToPeer(route.Allocation, route.Peer, data, dontFragment: false);
        }
        else if (route.Target.Shard != Number)
        {
            sink.HandOver(route.Target, route.Source, data);
        }
        else
        {
            HandOverHere(route, message, data.Length, now, ref sink);
        }
    }

    // RFC 8656 section 11.2.
    private void ReceiveSendIndication<TSink>(in FiveTuple client, in StunMessage indication, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!indication.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var address) ||
            !indication.TryGet(StunAttributeType.Data, out var data) ||
            HasUnknownAttribute(indication))
        {
            Counters.Dropped(TurnDropReason.Malformed);
            return;
        }

        if (FindLive(client, now) is not { } allocation)
        {
            Counters.Dropped(TurnDropReason.NoAllocation);
            return;
        }

        if (!allocation.Permissions.Permits(address.Address, now))
        {
            Counters.Dropped(TurnDropReason.NoPermission);
            return;
        }

        var peer = new PeerAddress(address);
        if (!IsPermittedPeer(peer))
        {
            Counters.Dropped(TurnDropReason.ForbiddenPeer);
            return;
        }

        if (!TryReach(allocation, peer, 1, data.Length, now, out var route))
        {
            return;
        }

        if (!route.IsHandOver)
        {
            sink.RelayToPeer(route.Allocation, peer, data, MayNotFragment(client, indication, peer));
        }
        else if (route.Target.Shard != Number)
        {
            sink.HandOver(route.Target, route.Source, data);
        }
        else
        {
            ReceiveFromPeer(route.Target.Allocation, route.Source, CopyToScratch(data), data.Length, now, ref sink);
        }
    }

    // Sections 13 to 15: between families of addresses the attribute is to be ignored; from TCP it always counts.
    private static bool MayNotFragment(in FiveTuple client, in StunMessage indication, in PeerAddress peer) =>
        indication.Contains(StunAttributeType.DontFragment) &&
        (client.Protocol != TransportProtocol.Udp || (client.Client.Family == AddressFamily.IPv4 && peer.Family == AddressFamily.IPv4));

    // A ChannelData message becomes the other allocation's by rewriting its first four bytes, if that one has a channel too.
    private void HandOverHere<TSink>(in ClientRoute route, Span<byte> message, int dataLength, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var target = route.Target.Allocation;
        switch (RouteFromPeer(target, route.Source, 1, dataLength, now, out var onward))
        {
            case PeerRouting.ChannelData when onward.Client.Protocol == TransportProtocol.Udp:
                ChannelData.WriteHeader(message, onward.Channel, dataLength);
                sink.Send(onward.Client, message[..(ChannelData.HeaderSize + dataLength)]);
                break;
            case PeerRouting.ChannelData:
                SendChannelData(onward, CopyToScratch(message.Slice(ChannelData.HeaderSize, dataLength)), dataLength, ref sink);
                break;
            case PeerRouting.DataIndication when TryGetLive(target, now, out var found):
                SendDataIndication(found, route.Source, CopyToScratch(message.Slice(ChannelData.HeaderSize, dataLength)), dataLength, now, ref sink);
                break;
        }
    }

    private void SendChannelData<TSink>(in PeerRoute route, Span<byte> buffer, int dataLength, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var size = ChannelData.HeaderSize + dataLength;
        if (route.Client.Protocol == TransportProtocol.Udp ? size > MaxDatagram : dataLength > ushort.MaxValue)
        {
            Counters.Dropped(TurnDropReason.TooLarge);
            return;
        }

        var message = buffer[(Headroom - ChannelData.HeaderSize)..];
        ChannelData.WriteHeader(message, route.Channel, dataLength);
        if (route.Client.Protocol != TransportProtocol.Udp)
        {
            message[size..StunHeader.Padded(size)].Clear();
            size = StunHeader.Padded(size);
        }

        sink.Send(route.Client, message[..size]);
    }

    // RFC 8656 section 11.3, written around the data: header, XOR-PEER-ADDRESS, DATA.
    private void SendDataIndication<TSink>(Allocation allocation, in PeerAddress peer, Span<byte> buffer, int dataLength, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var start = Headroom - StunHeader.Size - (2 * StunHeader.AttributeHeaderSize) - (peer.Family == AddressFamily.IPv4 ? 8 : 20);
        var size = Headroom - start + StunHeader.Padded(dataLength);
        if (size > MaxDatagram)
        {
            Counters.Dropped(TurnDropReason.TooLarge);
            return;
        }

        if (!AdmitFromPeer(allocation, 1, dataLength, now))
        {
            return;
        }

        var head = buffer[start..Headroom];
        var indication = new StunWriter(head, StunClass.Indication, StunMethod.Data, _entropy.NextTransactionId());
        indication.AddXorAddress(StunAttributeType.XorPeerAddress, peer.Value);
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(size - StunHeader.Size));
        BinaryPrimitives.WriteUInt16BigEndian(head[^4..], (ushort)StunAttributeType.Data);
        BinaryPrimitives.WriteUInt16BigEndian(head[^2..], (ushort)dataLength);
        buffer[(Headroom + dataLength)..(start + size)].Clear();
        sink.Send(allocation.Client, buffer.Slice(start, size));
    }

    private bool AdmitFromPeer(Allocation allocation, int packets, int bytes, Instant now)
    {
        if (!allocation.PacketsFromPeers.TryTake(packets, _settings.MaxPacketsPerSecond, _settings.MaxPacketsPerSecond, now) ||
            !allocation.BytesFromPeers.TryTake(bytes, _settings.MaxBytesPerSecond, _settings.MaxBytesPerSecond, now))
        {
            Counters.Dropped(TurnDropReason.OverRate, packets);
            return false;
        }

        Counters.FromPeer(allocation.Client.Protocol, packets, bytes);
        return true;
    }

    private Span<byte> CopyToScratch(ReadOnlySpan<byte> data)
    {
        _scratch ??= new byte[Headroom + ushort.MaxValue + Tailroom];
        data.CopyTo(_scratch.AsSpan(Headroom));
        return _scratch;
    }
}
