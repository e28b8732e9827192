using System.Text;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// What all shards of one server have in common: settings, credentials, quotas, reservations, and which allocation owns which
/// relayed port. The only object here that several threads may use at once; its locks are taken by requests, never per packet.
/// All shards count time from the same origin.
/// </summary>
public sealed class TurnRegistry
{
    private int _shards;
    private volatile AlternateServers? _alternates;

    /// <summary>Makes the registry of a server.</summary>
    /// <param name="settings">What the server allows.</param>
    /// <param name="nonceKey">32 random bytes that authenticate nonces. Nodes that share the key accept each other's nonces.</param>
    /// <exception cref="ArgumentException">The settings contradict themselves, or the key has another size; the message names each mistake.</exception>
    public TurnRegistry(TurnSettings settings, ReadOnlySpan<byte> nonceKey)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.FindMistakes() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(settings));
        }

        RequireKey(nonceKey, nameof(nonceKey));
        Settings = settings;
        Realm = Encoding.UTF8.GetBytes(settings.Realm);
        Software = Encoding.UTF8.GetBytes(settings.Software);
        PeerFilter = new PeerFilter(settings);
        Quota = new AllocationQuota(settings);
        Directory = new RelayDirectory(settings);
        Authenticator = new Authenticator(settings, Revocations);

        // A client that sees the anonymity bit must send USERHASH, and from a hash nobody can tell a time-limited username.
        var features = StunSecurityFeatures.PasswordAlgorithms | (settings.Secrets.Count == 0 ? StunSecurityFeatures.UsernameAnonymity : StunSecurityFeatures.None);
        Nonces = new Nonces(nonceKey, settings.NonceLifetime, features);
    }

    /// <summary>What the server allows.</summary>
    public TurnSettings Settings { get; }

    internal byte[] Realm { get; }

    internal byte[] Software { get; }

    internal PeerFilter PeerFilter { get; }

    internal AllocationQuota Quota { get; }

    internal RelayDirectory Directory { get; }

    internal Reservations Reservations { get; } = new();

    internal Revocations Revocations { get; } = new();

    internal Authenticator Authenticator { get; }

    internal Nonces Nonces { get; }

    internal AlternateServers? Alternates => _alternates;

    /// <summary>Counts what the server holds.</summary>
    public TurnInventory TakeInventory()
    {
        var (allocations, users, addresses) = Quota.Snapshot();
        return new(allocations, users, addresses, Reservations.Count, Directory.Count, Revocations.Count);
    }

    /// <summary>Makes the next shard: number 0, then 1, and so on. Each belongs to one thread at a time.</summary>
    /// <param name="seed">32 random bytes of its own, from which the shard draws transaction ids and reservation tokens.</param>
    public TurnShard CreateShard(ReadOnlySpan<byte> seed)
    {
        RequireKey(seed, nameof(seed));
        var number = Interlocked.Increment(ref _shards) - 1;
        return number < RelayDirectory.MaxShards
            ? new TurnShard(this, number, seed)
            : throw new InvalidOperationException($"A registry has at most {RelayDirectory.MaxShards} shards.");
    }

    /// <summary>Makes new nonces from another key from now on. Those of the key before it stay good until they expire; older ones do not.</summary>
    public void RotateNonceKey(ReadOnlySpan<byte> key)
    {
        RequireKey(key, nameof(key));
        Nonces.Rotate(key);
    }

    /// <summary>
    /// Sends clients that ask for an allocation to another server (300 Try Alternate, RFC 8489 section 10), so that this one
    /// runs empty; allocations it has live on. Clients of a family without an alternate stay. Nulls end it.
    /// </summary>
    /// <param name="ipv4">For clients that came by IPv4.</param>
    /// <param name="ipv6">For clients that came by IPv6.</param>
    /// <param name="domain">The name in the other server's certificate, for clients on TLS; null if it is the same as here.</param>
    public void Redirect(TransportAddress? ipv4, TransportAddress? ipv6, string? domain) =>
        _alternates = ipv4 is null && ipv6 is null ? null : new AlternateServers(ipv4, ipv6, domain is null ? [] : Encoding.ASCII.GetBytes(domain));

    private static void RequireKey(ReadOnlySpan<byte> key, string name)
    {
        if (key.Length != 32)
        {
            throw new ArgumentException("32 bytes are needed.", name);
        }
    }
}

/// <summary>Where <see cref="TurnRegistry.Redirect"/> sends clients.</summary>
internal sealed record AlternateServers(TransportAddress? IPv4, TransportAddress? IPv6, byte[] Domain);
