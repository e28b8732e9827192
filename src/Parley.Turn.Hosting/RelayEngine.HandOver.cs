namespace Parley.Turn.Hosting;

// Hand-over between shards: a ring for each pair of threads, made when first needed.
internal abstract unsafe partial class RelayEngine
{
    /// <summary>Most shards of a server.</summary>
    public const int MaxShards = 256;

    private readonly HandOverRing?[] _inbound;

    private bool HasShardInput
    {
        get
        {
            for (var i = 0; i < Group.Engines.Count; i++)
            {
                if (Volatile.Read(ref _inbound[i]) is { HasMore: true })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Passes a run to an allocation of another shard, on this engine's thread.</summary>
    public void HandOver(in HandOverTarget target, in PeerAddress source, in DatagramRun run)
    {
        var other = Group.Engines[target.Shard];
        ref var place = ref other._inbound[Shard.Number];
        var ring = place;
        if (ring is null)
        {
            ring = new HandOverRing();
            Volatile.Write(ref place, ring);
        }

        if (ring.TryWrite(target.Allocation, source, run))
        {
            other.Notify();
        }
        else
        {
            Counters.HandOverFull += run.Count;
        }
    }

    private void ReceiveFromShards()
    {
        for (var i = 0; i < Group.Engines.Count; i++)
        {
            if (Volatile.Read(ref _inbound[i]) is { } ring)
            {
                while (ring.TryRead(out var allocation, out var source, out var run))
                {
                    ReceiveFromPeer(allocation, source, run);
                }
            }
        }
    }

    /// <summary>After the flush nothing refers to the rings' bytes any more.</summary>
    private void ReleaseRings()
    {
        for (var i = 0; i < Group.Engines.Count; i++)
        {
            Volatile.Read(ref _inbound[i])?.Release();
        }
    }
}
