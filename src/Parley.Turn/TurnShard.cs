using System.Diagnostics.CodeAnalysis;
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
    private readonly TurnRegistry _registry;
    private readonly TurnSettings _settings;
    private readonly Entropy _entropy;
    private readonly ReplyBudget _replyBudget;
    private readonly Dictionary<FiveTuple, Allocation> _byClient = [];
    private readonly Stack<int> _freeIndexes = new();
    private Allocation?[] _allocations = new Allocation?[16];
    private uint[] _generations = new uint[16];
    private int _indexesUsed;
    private Instant _wallClockSetAt;
    private long _wallClockSeconds;

    internal TurnShard(TurnRegistry registry, int number, ReadOnlySpan<byte> seed)
    {
        _registry = registry;
        _settings = registry.Settings;
        _entropy = new Entropy(seed, number);
        _replyBudget = new ReplyBudget(_settings.MaxUnauthenticatedRepliesPerSecond, _entropy.NextUInt64());
        Number = number;
    }

    /// <summary>The shard's place among those of its registry, from 0.</summary>
    public int Number { get; }

    /// <summary>Allocations that live in this shard or wait for their relay socket.</summary>
    public int AllocationCount => _byClient.Count;

    /// <summary>What the shard has done.</summary>
    public TurnCounters Counters { get; } = new();

    /// <summary>
    /// Says what wall-clock time it is, for the expiry of credentials and nonces only. Call it before the first message and again
    /// now and then (each minute, say): between calls the shard counts on with monotonic time.
    /// </summary>
    public void SetWallClock(Instant now, DateTimeOffset wallClock)
    {
        _wallClockSetAt = now;
        _wallClockSeconds = wallClock.ToUnixTimeSeconds();
    }

    /// <summary>Takes one datagram, or one frame of a stream, from a client. The shard may overwrite it.</summary>
    public void ReceiveFromClient<TSink>(in FiveTuple client, Span<byte> message, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!message.IsEmpty && ChannelData.CanBegin(message[0]))
        {
            ReceiveChannelData(client, message, now, ref sink);
        }
        else if (StunMessage.TryParse(message, out var stun) && (!stun.HasFingerprint || stun.IsFingerprintValid))
        {
            ReceiveStun(client, stun, now, ref sink);
        }
        else
        {
            Counters.Dropped(TurnDropReason.Malformed);
        }
    }

    /// <summary>Finds a client's live allocation.</summary>
    public bool TryFindAllocation(in FiveTuple client, Instant now, out AllocationId allocation)
    {
        var found = FindLive(client, now);
        allocation = found?.Id ?? AllocationId.None;
        return found is not null;
    }

    private long UnixSeconds(Instant now) => _wallClockSeconds + (long)Math.Floor((now - _wallClockSetAt).TotalSeconds);

    private Allocation? FindLive(in FiveTuple client, Instant now) =>
        _byClient.TryGetValue(client, out var allocation) && allocation.IsLive(now) ? allocation : null;

    private bool TryGet(AllocationId id, [NotNullWhen(true)] out Allocation? allocation)
    {
        allocation = (uint)id.Index < (uint)_allocations.Length ? _allocations[id.Index] : null;
        return allocation is not null && allocation.Id.Generation == id.Generation;
    }

    private bool TryGetLive(AllocationId id, Instant now, [NotNullWhen(true)] out Allocation? allocation) =>
        TryGet(id, out allocation) && allocation.IsLive(now);

    private AllocationId NextId()
    {
        if (!_freeIndexes.TryPop(out var index))
        {
            index = _indexesUsed++;
            if (index == _allocations.Length)
            {
                Array.Resize(ref _allocations, 2 * index);
                Array.Resize(ref _generations, 2 * index);
            }
        }

        // 0 means "none" in an id; a wrap after four billion allocations in one place skips it.
        _generations[index] = _generations[index] == uint.MaxValue ? 1 : _generations[index] + 1;
        return new AllocationId(index, _generations[index]);
    }
}
