namespace Parley.Turn;

/// <summary>
/// What all shards of one server have in common: settings, credentials, quotas, reservations, and which allocation owns which
/// relayed port. The only object here that several threads may use at once; its locks are taken by requests, never per packet.
/// </summary>
public sealed class TurnRegistry
{
    private int _shards;

    /// <summary>Makes the registry of a server.</summary>
    /// <param name="settings">What the server allows.</param>
    /// <param name="nonceKey">32 random bytes that authenticate nonces. Nodes that share the key accept each other's nonces.</param>
    /// <exception cref="ArgumentException">The settings contradict themselves, or the key has another size; the message names each mistake.</exception>
    public TurnRegistry(TurnSettings settings, ReadOnlySpan<byte> nonceKey)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (nonceKey.Length != 32)
        {
            throw new ArgumentException("The nonce key must have 32 bytes.", nameof(nonceKey));
        }

        Settings = settings;
    }

    /// <summary>What the server allows.</summary>
    public TurnSettings Settings { get; }

    /// <summary>
    /// Makes the next shard: number 0, then 1, and so on. Each belongs to one thread at a time.
    /// </summary>
    /// <param name="seed">32 random bytes of its own, from which the shard draws transaction ids and reservation tokens.</param>
    public TurnShard CreateShard(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != 32)
        {
            throw new ArgumentException("The seed must have 32 bytes.", nameof(seed));
        }

        return new TurnShard(this, Interlocked.Increment(ref _shards) - 1);
    }
}
