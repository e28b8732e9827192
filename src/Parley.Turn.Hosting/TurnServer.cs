using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Parley.Turn.Hosting.Linux;
using Parley.Turn.Hosting.Portable;
using Parley.Turn.Hosting.Streams;

namespace Parley.Turn.Hosting;

/// <summary>
/// The STUN and TURN server of this process: listeners, engines, credentials. Started and stopped by the host. Its members may
/// be used from any thread.
/// </summary>
public sealed partial class TurnServer : IAsyncDisposable
{
    private const int MaxDefaultThreads = 16;

    private readonly TurnOptions _options;
    private readonly ILogger<TurnServer> _logger;
    private readonly TimeProvider _time;
    private readonly TurnAddresses _addresses;
    private readonly TurnRegistry _registry;
    private readonly EngineGroup _group;
    private readonly List<ListenOptions> _webEndPoints = [];
    private readonly List<StreamListener> _streamListeners = [];
    private IReadOnlyList<RelayEngine> _engines = [];
    private ITimer? _nonceKeys;

    /// <summary>Resolves the addresses; nothing is opened yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="logger">Takes the start-up line, and what goes wrong.</param>
    /// <param name="time">The clock by which credentials and nonces expire. The engines measure everything else by the system's.</param>
    /// <exception cref="OptionsValidationException">The configuration contradicts this host; the message names the key and a fix.</exception>
    public TurnServer(IOptions<TurnOptions> options, ILogger<TurnServer> logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _logger = logger;
        _time = time;
        _addresses = TurnAddresses.Resolve(_options);
        Secret = _options.Secret ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        _registry = new TurnRegistry(Settings(), RandomNumberGenerator.GetBytes(32));
        _group = new EngineGroup(_registry, _addresses.Relays, _options.StreamIdleTimeout, time);
        Streams = new StreamAdmission(_options.MaxStreams, _options.MaxStreamsPerClientAddress);
    }

    /// <summary>Where clients on UDP reach the server. Empty until it is started.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>Where clients on plain TCP reach the server, besides the web server's ports. Empty until it is started.</summary>
    public IReadOnlyList<IPEndPoint> StreamEndPoints => [.. _streamListeners.Select(listener => listener.EndPoint)];

    /// <summary>The addresses that relays are told to have, one per family at most.</summary>
    public IReadOnlyList<IPAddress> PublicAddresses => _addresses.Public;

    /// <summary>The shared secret of time-limited credentials: mint them with <see cref="TimeLimitedCredential.Mint"/>.</summary>
    public string Secret { get; }

    /// <summary>What the server holds and has done.</summary>
    internal TurnSnapshot Snapshot => TurnSnapshot.Of(_group, _engines);

    internal EngineGroup Group => _group;

    internal IReadOnlyList<RelayEngine> Engines => _engines;

    internal StreamAdmission Streams { get; }

    internal TurnOptions Options => _options;

    internal TurnAddresses Addresses => _addresses;

    /// <summary>Opens the UDP listeners and starts to serve.</summary>
    /// <exception cref="IOException">A listener's address is not this host's, or its port is taken.</exception>
    public void Start()
    {
        var usesNative = OperatingSystem.IsLinux() && !_options.UsePortableEngine;
        var threads = !usesNative ? 1 : _options.Threads > 0 ? _options.Threads : Math.Min(Environment.ProcessorCount, MaxDefaultThreads);
        var shards = Enumerable.Range(0, threads).Select(_ => _registry.CreateShard(RandomNumberGenerator.GetBytes(32))).ToList();
        try
        {
            _engines = usesNative
                ? LinuxEngines.Create(_group, shards, _addresses.Listen, _options.Port, _logger)
                : [PortableEngines.Create(_group, shards[0], _addresses.Listen, _options.Port, _logger)];
        }
        catch (IOException ex)
        {
            throw new IOException(
                $"{ex.Message} If another program has the port, such as a second Parley or coturn, end it or choose another one with {TurnOptions.SectionName}:Port; {TurnOptions.SectionName}:Listen says on which addresses; {TurnOptions.SectionName}:Enabled=false does without a relay.", ex);
        }

        _group.Engines = _engines;
        EndPoints = _engines[0].EndPoints;
        foreach (var engine in _engines)
        {
            engine.Start();
        }

        // A key is good for one period as the current one and for another as the one before: no nonce dies before its lifetime.
        var period = _registry.Settings.NonceLifetime;
        _nonceKeys = _time.CreateTimer(_ => _registry.RotateNonceKey(RandomNumberGenerator.GetBytes(32)), null, period, period);

        if (usesNative)
        {
            LinuxEngines.WarnOfSmallBuffers(_logger);
        }
    }

    /// <summary>
    /// Opens the TCP listeners, at the port of the UDP ones. A port that is taken is left to whoever has it: that is the web server,
    /// which serves TURN on its own ports, or else worth the warning that this logs.
    /// </summary>
    /// <param name="loggers">For the transport.</param>
    /// <param name="webPorts">Ports of the web server.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    internal async Task ListenOnStreamsAsync(ILoggerFactory loggers, IReadOnlyCollection<int> webPorts, CancellationToken cancellation)
    {
        foreach (var endPoint in EndPoints.Where(endPoint => !webPorts.Contains(endPoint.Port)))
        {
            try
            {
                _streamListeners.Add(await StreamListener.BindAsync(endPoint, ServeAsync, loggers, cancellation));
            }
            catch (Exception ex) when (ex is AddressInUseException or SocketException)
            {
                Log.NoStreamListener(_logger, endPoint, ex.Message);
            }
        }
    }

    /// <summary>Notes an endpoint of the web server that serves TURN too, for <see cref="Announce"/>.</summary>
    internal void AddWebEndPoint(ListenOptions endPoint) => _webEndPoints.Add(endPoint);

    /// <summary>Logs the one line that says where STUN and TURN are served.</summary>
    internal void Announce()
    {
        var web = _webEndPoints.Select(endPoint => $"{endPoint.EndPoint} (with the web server)");
        var relays = _addresses.Relays.Zip(_addresses.Public, (own, told) => own.Equals(told) ? $"{own}" : $"{own} (told to clients: {told})");
        Log.Serving(
            _logger,
            string.Join(", ", EndPoints),
            string.Join(", ", StreamEndPoints.Select(endPoint => $"{endPoint}").Concat(web)),
            string.Join(", ", relays),
            _options.RelayPortMin,
            _options.RelayPortMax,
            _engines[0] is LinuxEngine ? $"batched engine, {_engines.Count} threads" : "portable engine");
        if (_addresses.Public.FirstOrDefault(address => HostAddresses.IsPrivate(address)) is { } address && !_options.AllowPrivatePeers)
        {
            Log.PrivateRelayAddress(_logger, address.ToString());
        }
    }

    /// <summary>
    /// Takes back the credentials of a user, as after a hang-up: the user's allocations end at once, on every thread, and
    /// credentials that expire no later than <paramref name="throughExpiry"/> are refused from now on. Completes when it is done.
    /// </summary>
    /// <param name="user">What <see cref="TimeLimitedCredential.Mint"/> was called with, or a fixed user's name.</param>
    /// <param name="throughExpiry">The latest expiry of what is revoked; <see cref="DateTimeOffset.MaxValue"/> only ends allocations.</param>
    public Task RevokeAsync(string user, DateTimeOffset throughExpiry) =>
        Task.WhenAll(_engines.Select(engine => engine.RevokeAsync(user, throughExpiry)));

    /// <summary>
    /// Lets this server run empty, before it is stopped: clients that ask for an allocation are sent to another server (300 Try
    /// Alternate, RFC 8489 section 10), and those who have one keep it. The other must accept the same credentials. Nulls end it.
    /// </summary>
    /// <param name="ipv4">For clients that came by IPv4; null lets them stay.</param>
    /// <param name="ipv6">For clients that came by IPv6; null lets them stay.</param>
    /// <param name="domain">The name in the other server's certificate, for clients on TLS; null if it is the same as here.</param>
    public void Redirect(IPEndPoint? ipv4, IPEndPoint? ipv6, string? domain = null) =>
        _registry.Redirect(ipv4?.ToTransportAddress(), ipv6?.ToTransportAddress(), domain);

    /// <summary>Serves a connection whose bytes are STUN and ChannelData, after TLS if there is TLS, until it ends. Does not throw.</summary>
    internal async Task ServeAsync(ConnectionContext connection)
    {
        var engines = _engines;
        if (engines.Count == 0 || connection.RemoteEndPoint is not IPEndPoint || connection.LocalEndPoint is not IPEndPoint)
        {
            connection.Abort(new ConnectionAbortedException("The relay is not running, or the connection has no IP addresses."));
            return;
        }

        var client = TurnConnection.FiveTupleOf(connection);
        if (!Streams.TryEnter(client.Client.Address))
        {
            connection.Abort(new ConnectionAbortedException("Too many connections to the relay."));
            return;
        }

        try
        {
            var engine = engines[(int)((uint)client.GetHashCode() % (uint)engines.Count)];
            await new TurnConnection(connection, engine, _options).RunAsync();
        }
        catch (Exception ex)
        {
            // Ours to mend, and one connection's loss.
            Log.ConnectionFault(_logger, ex);
            connection.Abort();
        }
        finally
        {
            Streams.Leave(client.Client.Address);
        }
    }

    /// <summary>Ends every allocation and connection, and closes every socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_nonceKeys is { } nonceKeys)
        {
            await nonceKeys.DisposeAsync();
        }

        var engines = _engines;
        _engines = [];
        foreach (var engine in engines)
        {
            engine.Stop();
        }

        foreach (var engine in engines)
        {
            engine.Join();
        }

        foreach (var listener in _streamListeners)
        {
            await listener.DisposeAsync();
        }

        _streamListeners.Clear();

        // Only now does no thread write into another's rings any more.
        foreach (var engine in engines)
        {
            engine.Dispose();
        }

        _group.CloseReserved();
    }

    private TurnSettings Settings() => new()
    {
        Realm = _options.Realm,
        Secrets = [Secret],
        Users = _options.Users.AsReadOnly(),
        RelayAddressIPv4 = _addresses.PublicOf(AddressFamily.InterNetwork)?.ToNetworkAddress(),
        RelayAddressIPv6 = _addresses.PublicOf(AddressFamily.InterNetworkV6)?.ToNetworkAddress(),
        RelayPortMin = (ushort)_options.RelayPortMin,
        RelayPortMax = (ushort)_options.RelayPortMax,
        HostAddresses = [.. _addresses.Host.Select(address => address.ToNetworkAddress())],
        AllowPrivatePeers = _options.AllowPrivatePeers,
        AllowedPeers = [.. _options.AllowedPeers.Select(range => IpPrefix.Parse(range))],
        DeniedPeers = [.. _options.DeniedPeers.Select(range => IpPrefix.Parse(range))],
        DontFragmentSupported = !OperatingSystem.IsMacOS(),
        DefaultLifetime = _options.AllocationLifetime,
        MaxAllocations = _options.MaxAllocations,
        MaxAllocationsPerUser = _options.MaxAllocationsPerUser,
        MaxAllocationsPerClientAddress = _options.MaxAllocationsPerClientAddress,
        MaxPacketsPerSecond = _options.MaxPacketsPerSecond,
        MaxBytesPerSecond = _options.MaxBytesPerSecond,
        MaxUnauthenticatedRepliesPerSecond = _options.MaxUnauthenticatedRepliesPerSecond,
    };
}
