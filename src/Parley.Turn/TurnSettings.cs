using System.Text;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>What a TURN server allows. Fixed while it runs. The defaults are safe on the open Internet.</summary>
public sealed class TurnSettings
{
    /// <summary>The realm told to clients: 1 to 127 bytes of UTF-8 without quotes. Defaults to <c>parley</c>.</summary>
    public string Realm { get; init; } = "parley";

    /// <summary>
    /// Shared secrets of time-limited credentials, as coturn's <c>use-auth-secret</c> has them. Several are accepted so that one
    /// can be replaced without refusing who holds older credentials. Without any, only <see cref="Users"/> are let in.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Fixed users: name to password. Names and passwords are to be in Unicode's NFC (RFC 8265). Defaults to none.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>The IPv4 address told to clients in relayed addresses. Without one, IPv4 allocations are refused with 440.</summary>
    public NetworkAddress? RelayAddressIPv4 { get; init; }

    /// <summary>The IPv6 address told to clients in relayed addresses. Without one, IPv6 allocations are refused with 440.</summary>
    public NetworkAddress? RelayAddressIPv6 { get; init; }

    /// <summary>Lowest port of relay sockets. Defaults to 49152 (RFC 8656 section 7.2).</summary>
    public ushort RelayPortMin { get; init; } = 49152;

    /// <summary>Highest port of relay sockets. Defaults to 65535.</summary>
    public ushort RelayPortMax { get; init; } = 65535;

    /// <summary>
    /// Addresses of this host, public ones in front of a NAT included. No peer may have one: whatever listens here is not to be
    /// reached through the relay. The relay addresses themselves are in effect on this list, save for ports of live allocations.
    /// </summary>
    public IReadOnlyList<NetworkAddress> HostAddresses { get; init; } = [];

    /// <summary>
    /// Relays to private, shared, loopback, link-local and documentation addresses too, and to this host's own addresses among
    /// them. For installations within a LAN and for tests. Defaults to false: on the Internet it opens the inner network to callers.
    /// </summary>
    public bool AllowPrivatePeers { get; init; }

    /// <summary>Peers to allow though they are not public, as CIDR prefixes. Addresses that no peer can have (multicast, unspecified, tunnels) stay denied.</summary>
    public IReadOnlyList<IpPrefix> AllowedPeers { get; init; } = [];

    /// <summary>Peers to deny in any case, as CIDR prefixes.</summary>
    public IReadOnlyList<IpPrefix> DeniedPeers { get; init; } = [];

    /// <summary>Whether the engine can set the "don't fragment" bit on single datagrams. If not, DONT-FRAGMENT is refused as unknown. Defaults to false.</summary>
    public bool DontFragmentSupported { get; init; }

    /// <summary>Lifetime of an allocation whose client asks for none or less. Defaults to 10 minutes.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest lifetime between two refreshes. Defaults to 1 hour.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a nonce is good for; up to 1 hour (RFC 8656 section 5). Defaults to 30 minutes.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Refuses to refresh an allocation, and to install permissions and channels, once its time-limited credential has expired. Defaults to true.</summary>
    public bool EnforceExpiryOnRefresh { get; init; } = true;

    /// <summary>Allocations in all shards together; also the bound of <see cref="AllocationId.Index"/>. Defaults to 8192, half the default port range.</summary>
    public int MaxAllocations { get; init; } = 8192;

    /// <summary>Allocations of one user. A browser makes one per interface and server URL, twice that during an ICE restart. Defaults to 32.</summary>
    public int MaxAllocationsPerUser { get; init; } = 32;

    /// <summary>Allocations of one client address: an IPv4 address or an IPv6 /64. Offices share one, so be generous. Defaults to 512.</summary>
    public int MaxAllocationsPerClientAddress { get; init; } = 512;

    /// <summary>Permissions of one allocation. Defaults to 128.</summary>
    public int MaxPermissions { get; init; } = 128;

    /// <summary>Channels of one allocation. Defaults to 64.</summary>
    public int MaxChannels { get; init; } = 64;

    /// <summary>New peer IP addresses a second for one allocation, beyond a first burst of ten times as many. 0 removes the limit. Defaults to 5.</summary>
    public int MaxNewPeersPerSecond { get; init; } = 5;

    /// <summary>Datagrams a second that one allocation relays, each way; what exceeds it is dropped. 0 removes the limit. Defaults to 25,000.</summary>
    public int MaxPacketsPerSecond { get; init; } = 25_000;

    /// <summary>Bytes a second that one allocation relays, each way; what exceeds it is dropped. 0 removes the limit. Defaults to 25 million (200 Mbit/s).</summary>
    public long MaxBytesPerSecond { get; init; } = 25_000_000;

    /// <summary>Replies a second over UDP to one source prefix (IPv4 address or IPv6 /64) that has not authenticated, with a burst of twice that. 0 removes the limit, which makes the server a better reflector. Defaults to 100.</summary>
    public int MaxUnauthenticatedRepliesPerSecond { get; init; } = 100;

    /// <summary>What SOFTWARE says in authenticated Allocate and Refresh responses; empty leaves it out. Defaults to <c>Parley</c>, without a version.</summary>
    public string Software { get; init; } = "Parley";

    /// <summary>What contradicts itself or cannot work, each as a sentence that names the setting; empty if all is well.</summary>
    public IReadOnlyList<string> FindMistakes()
    {
        List<string> mistakes = [];
        Check(Encoding.UTF8.GetByteCount(Realm) is > 0 and <= 127 && !Realm.AsSpan().ContainsAny('"', '\\'), "Realm must have 1 to 127 bytes and no quotes or backslashes.");
        Check(Encoding.UTF8.GetByteCount(Software) <= 127, "Software must have at most 127 bytes.");
        Check(Secrets.All(secret => secret.Length > 0), "Secrets must not contain an empty one.");
        Check(Users.All(user => user.Key.Length > 0 && user.Value.Length > 0), "Users must have a name and a password each.");
        Check(Users.All(user => Encoding.UTF8.GetByteCount(user.Key) <= 508 && Encoding.UTF8.GetByteCount(user.Value) <= 508), "Users' names and passwords must have at most 508 bytes.");
        Check(RelayAddressIPv4 is null or { Family: AddressFamily.IPv4 }, "RelayAddressIPv4 must be an IPv4 address.");
        Check(RelayAddressIPv6 is null or { Family: AddressFamily.IPv6 }, "RelayAddressIPv6 must be an IPv6 address.");
        Check(RelayPortMin >= 1024, "RelayPortMin must be at least 1024: RFC 8656 section 7.2 keeps relays off well-known ports.");
        Check(RelayPortMin <= RelayPortMax, "RelayPortMin must not be above RelayPortMax.");
        Check(DefaultLifetime >= TimeSpan.FromSeconds(1), "DefaultLifetime must be at least a second.");
        Check(MaxLifetime >= DefaultLifetime && MaxLifetime <= TimeSpan.FromHours(1), "MaxLifetime must lie between DefaultLifetime and 1 hour.");
        Check(NonceLifetime >= TimeSpan.FromSeconds(32) && NonceLifetime <= TimeSpan.FromHours(1), "NonceLifetime must lie between 32 seconds and 1 hour.");
        Check(MaxAllocations is > 0 and <= RelayDirectory.MaxIndex, $"MaxAllocations must lie between 1 and {RelayDirectory.MaxIndex}.");
        Check(MaxAllocationsPerUser > 0, "MaxAllocationsPerUser must be above 0.");
        Check(MaxAllocationsPerClientAddress > 0, "MaxAllocationsPerClientAddress must be above 0.");
        Check(MaxPermissions is > 0 and <= 4096, "MaxPermissions must lie between 1 and 4096.");
        Check(MaxChannels is > 0 and <= 4096, "MaxChannels must lie between 1 and 4096.");
        Check(MaxNewPeersPerSecond >= 0 && MaxPacketsPerSecond >= 0 && MaxBytesPerSecond >= 0 && MaxUnauthenticatedRepliesPerSecond >= 0, "Rates must not be negative; 0 removes the limit.");
        return mistakes;

        void Check(bool isRight, string mistake)
        {
            if (!isRight)
            {
                mistakes.Add(mistake);
            }
        }
    }
}
