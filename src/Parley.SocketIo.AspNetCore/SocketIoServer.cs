using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Parley.SocketIo.AspNetCore.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>
/// A Socket.IO server: its namespaces, and through them its clients. It is a singleton among the application's services, so that anything can send.
/// What it offers itself is that of the default namespace.
/// </summary>
public sealed class SocketIoServer : IDisposable
{
    private const int IdBytes = 15;

    private readonly ConcurrentDictionary<string, SocketIoNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _noSockets = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sockets;

    internal SocketIoServer(SocketIoOptions options, TimeProvider time, SocketIoMetrics metrics, ILogger<SocketIoServer> logger)
    {
        Options = options;
        Time = time;
        Metrics = metrics;
        Logger = logger;
        Settings = options.ToSocketIoSettings();
        Default = Of("/");
        Engine = new EngineIoServer(options, time, metrics, logger, (connection, context) => CreateClient(connection, context));
    }

    /// <summary>The default namespace, <c>/</c>.</summary>
    public SocketIoNamespace Default { get; }

    /// <summary>Open connections. A client in several namespaces has one.</summary>
    public int ConnectionCount => Engine.OpenCount;

    internal SocketIoOptions Options { get; }

    internal SocketIoSettings Settings { get; }

    internal TimeProvider Time { get; }

    internal SocketIoMetrics Metrics { get; }

    internal ILogger Logger { get; }

    internal EngineIoServer Engine { get; }

    /// <summary>Sockets whose last handler has not ended.</summary>
    internal int SocketCount => Volatile.Read(ref _sockets);

    /// <summary>A namespace by its name, made if there is none. Clients can join only namespaces that exist.</summary>
    /// <param name="name">Such as <c>/admin</c>; a missing slash is added.</param>
    public SocketIoNamespace Of(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        name = name[0] == '/' ? name : "/" + name;
        if (name.Contains(',') || name.Any(char.IsControl) || Encoding.UTF8.GetByteCount(name) > SocketIoPacketParser.MaxNamespaceBytes)
        {
            throw new ArgumentException($"A namespace's name has no comma, no control characters and at most {SocketIoPacketParser.MaxNamespaceBytes} bytes.", nameof(name));
        }

        return _namespaces.GetOrAdd(name, static (name, server) => new SocketIoNamespace(server, name), this);
    }

    /// <inheritdoc cref="SocketIoNamespace.OnConnection(Action{SocketIoSocket})"/>
    public void OnConnection(Action<SocketIoSocket> handler) => Default.OnConnection(handler);

    /// <inheritdoc cref="SocketIoNamespace.OnConnection(Func{SocketIoSocket, Task})"/>
    public void OnConnection(Func<SocketIoSocket, Task> handler) => Default.OnConnection(handler);

    /// <inheritdoc cref="SocketIoNamespace.OnDisconnect(Action{SocketIoSocket, SocketIoDisconnectReason})"/>
    public void OnDisconnect(Action<SocketIoSocket, SocketIoDisconnectReason> handler) => Default.OnDisconnect(handler);

    /// <inheritdoc cref="SocketIoNamespace.OnDisconnect(Func{SocketIoSocket, SocketIoDisconnectReason, Task})"/>
    public void OnDisconnect(Func<SocketIoSocket, SocketIoDisconnectReason, Task> handler) => Default.OnDisconnect(handler);

    /// <inheritdoc cref="SocketIoNamespace.Use(Func{SocketIoConnectContext, Task})"/>
    public void Use(Func<SocketIoConnectContext, Task> middleware) => Default.Use(middleware);

    /// <inheritdoc cref="SocketIoNamespace.Use(Action{SocketIoConnectContext})"/>
    public void Use(Action<SocketIoConnectContext> middleware) => Default.Use(middleware);

    /// <inheritdoc cref="SocketIoNamespace.On(string, Action{SocketIoEvent})"/>
    public void On(string name, Action<SocketIoEvent> handler) => Default.On(name, handler);

    /// <inheritdoc cref="SocketIoNamespace.On(string, Func{SocketIoEvent, Task})"/>
    public void On(string name, Func<SocketIoEvent, Task> handler) => Default.On(name, handler);

    /// <inheritdoc cref="SocketIoNamespace.On{T}(string, JsonTypeInfo{T}, Func{T, SocketIoEvent, Task})"/>
    public void On<T>(string name, JsonTypeInfo<T> typeInfo, Func<T, SocketIoEvent, Task> handler) => Default.On(name, typeInfo, handler);

    /// <inheritdoc cref="SocketIoNamespace.To"/>
    public SocketIoTarget To(params ReadOnlySpan<string> rooms) => Default.To(rooms);

    /// <inheritdoc cref="SocketIoNamespace.Except"/>
    public SocketIoTarget Except(params ReadOnlySpan<string> rooms) => Default.Except(rooms);

    /// <inheritdoc cref="SocketIoNamespace.Emit"/>
    public int Emit(string name, params ReadOnlySpan<SocketIoArgument> arguments) => Default.Emit(name, arguments);

    /// <summary>
    /// Ends the server's work: lets nobody in any more, sends what is queued, closes all connections, and waits for the handlers, no longer than
    /// <see cref="SocketIoOptions.CloseTimeout"/> for each. Happens by itself when the application stops.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await Engine.StopAsync(cancellationToken);
        if (SocketCount == 0)
        {
            _noSockets.TrySetResult();
        }

        await Task.WhenAny(_noSockets.Task, Task.Delay(Options.CloseTimeout, Time, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();

    /// <summary>A public id, which cannot be guessed either.</summary>
    internal static string NewId()
    {
        Span<byte> random = stackalloc byte[IdBytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    internal bool TryGetNamespace(string name, [NotNullWhen(true)] out SocketIoNamespace? @namespace) => _namespaces.TryGetValue(name, out @namespace);

    internal void OnSocketBegun()
    {
        Interlocked.Increment(ref _sockets);
        Metrics.SocketOpened();
    }

    internal void OnSocketEnded()
    {
        Metrics.SocketClosed();
        if (Interlocked.Decrement(ref _sockets) == 0 && Engine.IsClosing)
        {
            _noSockets.TrySetResult();
        }
    }

    private SocketIoClient CreateClient(EngineIoConnection connection, HttpContext context) =>
        new(this, connection, new SocketIoHandshake(context, Options.HandshakeHeaders, Time.GetUtcNow()));
}
