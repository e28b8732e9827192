using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>All Engine.IO sessions of one server, and what they share.</summary>
internal sealed class EngineIoServer(
    SocketIoOptions options, TimeProvider time, SocketIoMetrics metrics, ILogger logger, Func<EngineIoConnection, HttpContext, IEngineIoHandler> createHandler) : IDisposable
{
    private const int SidBytes = 15;

    private readonly ConcurrentDictionary<string, EngineIoConnection> _sessions = new(StringComparer.Ordinal);
    private readonly AddressLimiter _addresses = new(options.MaxConnectionsPerAddress, options.HandshakesPerAddressPerMinute);
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    public SocketIoOptions Options => options;

    public EngineIoSettings Settings { get; } = options.ToEngineIoSettings();

    public TimeProvider Time => time;

    public DeadlineWheel Wheel { get; } = new(time);

    public SocketIoMetrics Metrics => metrics;

    public ILogger Logger => logger;

    public TimeSpan Now => Wheel.Now;

    /// <summary>Sessions whose id is still known, those of connections that ended a moment ago included.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Connections that are open.</summary>
    public int OpenCount => Volatile.Read(ref _open);

    /// <summary>No new connection is let in.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Bytes that wait for all clients together.</summary>
    public long QueuedBytes => _sessions.Values.Sum(connection => (long)connection.QueuedBytes);

    public bool TryGet(string sid, out EngineIoConnection connection) => _sessions.TryGetValue(sid, out connection!);

    /// <summary>Checks a new connection against the limits, and counts it if it is let in.</summary>
    public Admission TryAdmit(HttpContext context, out AddressKey address)
    {
        address = AddressKey.Of(context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress, options.LimitLoopbackAddresses);
        if (IsClosing)
        {
            return Admission.Closing;
        }

        // Counted first, so that many at once cannot all find room for one.
        var open = Interlocked.Increment(ref _open);
        var admission = options.MaxConnections > 0 && open > options.MaxConnections ? Admission.TooManyConnections : _addresses.TryAdmit(address, Now);
        if (admission != Admission.Admitted)
        {
            Interlocked.Decrement(ref _open);
            metrics.LimitHit(admission switch
            {
                Admission.TooManyConnections => SocketIoLimit.Connections,
                Admission.TooManyFromAddress => SocketIoLimit.AddressConnections,
                _ => SocketIoLimit.AddressHandshakes,
            });
        }

        return admission;
    }

    /// <summary>Opens a session for a client that has been let in.</summary>
    public EngineIoConnection Open(HttpContext context, EngineIoTransport transport, bool textOnly, AddressKey address)
    {
        var connection = new EngineIoConnection(this, NewSid(), transport, textOnly, address);
        _sessions[connection.Sid] = connection;
        metrics.ConnectionOpened(transport);
        connection.Start(createHandler(connection, context));
        return connection;
    }

    public void OnUpgraded(EngineIoConnection connection)
    {
        metrics.Upgraded();
        Log.Upgraded(logger);
        connection.Reschedule();
    }

    public void OnClosed(EngineIoConnection connection, EngineIoCloseReason reason)
    {
        metrics.ConnectionClosed(reason);
        Log.ConnectionClosed(logger, reason);
        _addresses.Release(connection.Address);
        if (Interlocked.Decrement(ref _open) == 0 && IsClosing)
        {
            _empty.TrySetResult();
        }
    }

    public void Forget(EngineIoConnection connection)
    {
        _sessions.TryRemove(connection.Sid, out _);
        Wheel.Set(connection, TimeSpan.MaxValue);
    }

    /// <summary>Lets nobody in any more, sends what is queued, and closes all connections. The clients will try to connect again, elsewhere.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        IsClosing = true;
        foreach (var connection in _sessions.Values)
        {
            connection.Close(EngineIoCloseReason.ServerShuttingDown);
        }

        if (OpenCount == 0)
        {
            _empty.TrySetResult();
        }

        // A polling client without a waiting GET cannot be told, and is not waited for longer than a WebSocket.
        await Task.WhenAny(_empty.Task, Task.Delay(options.CloseTimeout, time, cancellationToken));
        foreach (var connection in _sessions.Values)
        {
            connection.Fail(EngineIoCloseReason.ServerShuttingDown);
        }
    }

    public void Dispose() => Wheel.Dispose();

    private string NewSid()
    {
        Span<byte> random = stackalloc byte[SidBytes];
        RandomNumberGenerator.Fill(random);
        Span<byte> text = stackalloc byte[Base64Url.GetEncodedLength(SidBytes)];
        _ = Base64Url.EncodeToUtf8(random, text);
        var sid = Encoding.ASCII.GetString(text);
        return options.NodeName is null ? sid : $"{options.NodeName}.{sid}";
    }
}
