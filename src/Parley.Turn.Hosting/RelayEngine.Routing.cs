using Parley.Stun;

namespace Parley.Turn.Hosting;

// The data path: from a client or a peer, by what the shard says, to a peer, a client or another allocation.
internal abstract unsafe partial class RelayEngine
{
    /// <summary>Sends a run to the peer from the allocation's relay socket.</summary>
    public abstract void SendToPeer(AllocationId allocation, in PeerAddress peer, in DatagramRun run, bool dontFragment);

    /// <summary>Sends a whole message to a client on UDP.</summary>
    protected abstract void SendDatagram(in FiveTuple client, ReadOnlySpan<byte> message);

    /// <summary>Sends a run as ChannelData to an allocation's client on UDP.</summary>
    protected abstract void SendChannelData(AllocationId allocation, in FiveTuple client, ushort channel, in DatagramRun run);

    /// <summary>Sends a whole message to a client, whatever carries it.</summary>
    public void Send(in FiveTuple client, ReadOnlySpan<byte> message)
    {
        if (client.Protocol == TransportProtocol.Udp)
        {
            SendDatagram(client, message);
        }
        else
        {
            SendOnStream(client, message);
        }
    }

    /// <summary>Takes what a client sent: one datagram, or several that the kernel joined, each <paramref name="segment"/> bytes but the last.</summary>
    protected void ReceiveFromClient(in FiveTuple client, byte* data, int length, int segment)
    {
        do
        {
            var size = Math.Min(segment, length);
            var taken = size > 0 && ChannelData.CanBegin(*data) ? ReceiveChannelData(client, data, length, segment) : 0;
            if (taken == 0)
            {
                Shard.ReceiveFromClient(client, new Span<byte>(data, size), Now, ref _sink);
                AnswerRelayRequests();
                taken = size;
            }

            data += taken;
            length -= taken;
        }
        while (length > 0);
    }

    /// <summary>Takes what a peer sent to an allocation: from its relay socket, or handed over.</summary>
    protected void ReceiveFromPeer(AllocationId allocation, in PeerAddress peer, in DatagramRun run)
    {
        switch (Shard.RouteFromPeer(allocation, peer, run.Count, run.Bytes, Now, out var route))
        {
            case PeerRouting.ChannelData when route.Client.Protocol == TransportProtocol.Udp:
                SendChannelData(allocation, route.Client, route.Channel, run);
                break;
            case PeerRouting.ChannelData:
                SendChannelDataOnStream(route.Client, route.Channel, run);
                break;
            case PeerRouting.DataIndication:
                SendDataIndications(allocation, peer, run);
                break;
        }
    }

    /// <summary>Takes an ICMP error about a datagram that an allocation sent.</summary>
    protected void ReceiveIcmp(AllocationId allocation, in PeerAddress peer, byte type, byte code, uint mtu) =>
        Shard.ReceiveIcmp(allocation, peer, type, code, mtu, Now, ref _sink);

    /// <summary>Takes as many ChannelData messages from the front as make a run; returns the bytes taken, zero if the first is malformed.</summary>
    private int ReceiveChannelData(in FiveTuple client, byte* data, int length, int segment)
    {
        var size = Math.Min(segment, length);
        if (!ChannelData.TryReadHeader(new ReadOnlySpan<byte>(data, size), out var channel, out var payload) || ChannelData.HeaderSize + payload > size)
        {
            return 0;
        }

        var count = 1;
        var last = payload;
        var taken = size;
        while (taken < length && last == payload)
        {
            size = Math.Min(segment, length - taken);
            if (!ChannelData.TryReadHeader(new ReadOnlySpan<byte>(data + taken, size), out var nextChannel, out var nextPayload)
                || nextChannel != channel || nextPayload > payload || ChannelData.HeaderSize + nextPayload > size)
            {
                break;
            }

            count++;
            last = nextPayload;
            taken += size;
        }

        RouteFromClient(client, channel, new DatagramRun(data + ChannelData.HeaderSize, segment, count, payload, last, hasHeaderRoom: true));
        return taken;
    }

    private void RouteFromClient(in FiveTuple client, ushort channel, in DatagramRun run)
    {
        if (!Shard.TryRouteFromClient(client, channel, run.Count, run.Bytes, Now, out var route))
        {
            return;
        }

        if (!route.IsHandOver)
        {
            SendToPeer(route.Allocation, route.Peer, run, dontFragment: false);
        }
        else if (route.Target.Shard == Shard.Number)
        {
            ReceiveFromPeer(route.Target.Allocation, route.Source, run);
        }
        else
        {
            HandOver(route.Target, route.Source, run);
        }
    }

    private void SendDataIndications(AllocationId allocation, in PeerAddress peer, in DatagramRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var length = run.LengthAt(i);
            var size = TurnShard.Headroom + length + TurnShard.Tailroom;
            var buffer = new Span<byte>(Scratch(size), size);
            new ReadOnlySpan<byte>(run.At(i), length).CopyTo(buffer[TurnShard.Headroom..]);
            Shard.ReceiveFromPeer(allocation, peer, buffer, length, Now, ref _sink);
        }
    }
}
