namespace Parley.Turn.Hosting;

/// <summary>The relay's configuration: section <c>Parley:Turn</c>. The defaults serve a host with a public address, and a LAN.</summary>
public sealed class TurnOptions
{
    /// <summary>Name of the configuration section: <c>Parley:Turn</c>.</summary>
    public const string SectionName = "Parley:Turn";

    /// <summary>Whether this process relays. Defaults to true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Addresses of this host that UDP and TCP listeners bind to: <c>Parley:Turn:Listen:0=192.0.2.1</c>. Defaults to none, which
    /// means all; <c>0.0.0.0</c> and <c>::</c> mean all of their family.
    /// </summary>
    public IList<string> Listen { get; } = [];

    /// <summary>Port of the UDP and TCP listeners. Defaults to 3478. Zero takes any free port, for tests.</summary>
    public int Port { get; set; } = 3478;

    /// <summary>
    /// Address of this host that relay sockets bind to; one per family, separated by a comma. Defaults to none, which means the
    /// address that the host uses towards the rest of the world.
    /// </summary>
    public string? RelayAddress { get; set; }

    /// <summary>
    /// Address that clients are told instead of <see cref="RelayAddress"/>, for a host behind 1:1 NAT; one per family, separated by a
    /// comma. The NAT must forward the relay ports without changing them. Defaults to the relay address.
    /// </summary>
    public string? PublicAddress { get; set; }

    /// <summary>Lowest port of relay sockets. Defaults to 49152. Possible: 1024 to 65535.</summary>
    public int RelayPortMin { get; set; } = 49152;

    /// <summary>Highest port of relay sockets. Defaults to 65535. A call that is relayed at both ends takes two to four ports. Possible: 1024 to 65535.</summary>
    public int RelayPortMax { get; set; } = 65535;

    /// <summary>The realm of credentials. RFC 8489 section 9.2. Defaults to <c>parley</c>.</summary>
    public string Realm { get; set; } = "parley";

    /// <summary>
    /// Shared secret of time-limited credentials, compatible with coturn's <c>use-auth-secret</c>. Defaults to none, which means a
    /// random one for each run.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Fixed users, name to password. Write them in Unicode's NFC, as keyboards do: RFC 8265 has clients send them so. Defaults to none.</summary>
    public IDictionary<string, string> Users { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Relay to private, loopback and link-local peers too, for LAN installs and tests. Defaults to false: on a public server it would
    /// let whoever may join a call reach into the network behind it.
    /// </summary>
    public bool AllowPrivatePeers { get; set; }

    /// <summary>
    /// Private addresses to relay to all the same, as ranges in CIDR notation: <c>Parley:Turn:AllowedPeers:0=10.1.2.0/24</c>.
    /// Defaults to none. This host's own addresses stay out of reach.
    /// </summary>
    public IList<string> AllowedPeers { get; } = [];

    /// <summary>Addresses never to relay to, as ranges in CIDR notation; stronger than everything that allows. Defaults to none.</summary>
    public IList<string> DeniedPeers { get; } = [];

    /// <summary>How long an allocation lives without being refreshed, unless the client asks for longer. Defaults to 10 minutes, as RFC 8656 section 3.2 has it. Possible: 00:00:01 to 01:00:00.</summary>
    public TimeSpan AllocationLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Allocations in all. Defaults to 8192, half the default port range. Possible: 1 to 65536.</summary>
    public int MaxAllocations { get; set; } = 8192;

    /// <summary>Allocations of one user. A browser makes several per call, twice that during an ICE restart. Defaults to 32. Possible: 1 to 65536.</summary>
    public int MaxAllocationsPerUser { get; set; } = 32;

    /// <summary>Allocations of one client address, which a whole office may share. Defaults to 512. Possible: 1 to 65536.</summary>
    public int MaxAllocationsPerClientAddress { get; set; } = 512;

    /// <summary>Datagrams a second that one allocation relays each way; more are dropped. Zero removes the limit. Defaults to 25,000. Possible: 0 and above.</summary>
    public int MaxPacketsPerSecond { get; set; } = 25_000;

    /// <summary>Bytes a second that one allocation relays each way; more are dropped. Zero removes the limit. Defaults to 25 million. Possible: 0 and above.</summary>
    public long MaxBytesPerSecond { get; set; } = 25_000_000;

    /// <summary>
    /// Replies a second over UDP to one source (IPv4 address or IPv6 /64) that has not authenticated. Zero removes the limit, which
    /// makes the server a better reflector for attacks on others. Defaults to 100. Possible: 0 and above.
    /// </summary>
    public int MaxUnauthenticatedRepliesPerSecond { get; set; } = 100;

    /// <summary>Threads that relay UDP. Defaults to zero, which means one per processor, 16 at most. The portable engine uses one. Possible: 0 to 256.</summary>
    public int Threads { get; set; }

    /// <summary>Use the engine that needs no native code, as on Windows and macOS, on Linux too. Defaults to false.</summary>
    public bool UsePortableEngine { get; set; }

    /// <summary>
    /// Most bytes of media that wait for a client on TCP or TLS; beyond it the oldest is dropped. Defaults to 256 KiB, one large video frame. Possible: 16 KiB to 16 MiB.
    /// </summary>
    public int StreamQueueBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Longest that media waits for a client on TCP or TLS; older media is dropped, because late is worse than lost. Defaults to 200 ms. Possible: 00:00:00.020 to 00:00:10.
    /// </summary>
    public TimeSpan StreamQueueAge { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a TCP or TLS connection may live without an allocation. Defaults to 30 s. Possible: 00:00:01 to 00:10:00.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections on TCP and TLS that may be open at once; more are closed at once. Defaults to 8192. Possible: 1 to 1,000,000.</summary>
    public int MaxStreams { get; set; } = 8192;

    /// <summary>Connections on TCP and TLS from one client address. Defaults to 256. Possible: 1 to 1,000,000.</summary>
    public int MaxStreamsPerClientAddress { get; set; } = 256;
}
