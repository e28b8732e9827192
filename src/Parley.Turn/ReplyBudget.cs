using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// Limits replies over UDP to sources that have proved nothing, so that the server is a poor reflector. A fixed table, indexed
/// by a hash of the source prefix under a secret key: a flood from any number of sources costs no memory, and nobody can choose
/// whom they share a bucket with.
/// </summary>
internal sealed class ReplyBudget(int perSecond, ulong key)
{
    private const int SizeBits = 12;

    private readonly TokenBucket[] _buckets = new TokenBucket[1 << SizeBits];

    /// <summary>Whether a reply may go out to an address.</summary>
    public bool TryTake(in NetworkAddress source, Instant now)
    {
        if (perSecond <= 0)
        {
            return true;
        }

        ref var bucket = ref _buckets[Hash(QuotaHolder.PrefixOf(source))];
        if (bucket.IsUnused)
        {
            bucket = new TokenBucket(2L * perSecond, now);
        }

        return bucket.TryTake(1, perSecond, 2L * perSecond, now);
    }

    private int Hash(in NetworkAddress prefix)
    {
        var hash = Math.BigMul(prefix.High ^ key, 0x9E3779B97F4A7C15 ^ (key << 1), out var low) ^ low;
        hash = Math.BigMul(hash ^ prefix.Low ^ (ulong)prefix.Family, 0xD6E8FEB86659FD93 ^ (key << 1), out low) ^ low;
        return (int)(hash >> (64 - SizeBits));
    }
}
