using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Parley.SocketIo.AspNetCore;

/// <summary>A namespace: its clients, and what is done for each of them. Handlers are added while the server is set up; later additions hold for later clients.</summary>
public sealed class SocketIoNamespace
{
    private readonly SocketIoServer _server;
    private readonly ConcurrentDictionary<string, SocketIoSocket> _sockets = new(StringComparer.Ordinal);
    private Delegate[] _connectionHandlers = [];
    private Delegate[] _disconnectHandlers = [];
    private Func<SocketIoConnectContext, Task>[] _middleware = [];

    internal SocketIoNamespace(SocketIoServer server, string name)
    {
        _server = server;
        Name = name;
    }

    /// <summary>The name, with its slash; <c>/</c> is the default namespace.</summary>
    public string Name { get; }

    /// <summary>The sockets connected now.</summary>
    public ICollection<SocketIoSocket> Sockets => _sockets.Values;

    /// <summary>How many sockets are connected now.</summary>
    public int Count => _sockets.Count;

    /// <summary>Everybody in the namespace.</summary>
    public SocketIoTarget All => new(this, sender: null);

    internal EventHandlers Handlers { get; } = new();

    internal RoomTable Rooms { get; } = new();

    internal Delegate[] ConnectionHandlers => _connectionHandlers;

    internal Delegate[] DisconnectHandlers => _disconnectHandlers;

    internal Func<SocketIoConnectContext, Task>[] Middleware => _middleware;

    /// <summary>Called for every client that has connected. It may add handlers of its own to the socket and send.</summary>
    public void OnConnection(Action<SocketIoSocket> handler) => _connectionHandlers = [.. _connectionHandlers, handler];

    /// <summary>Called for every client that has connected. The client's events wait until the task has ended.</summary>
    public void OnConnection(Func<SocketIoSocket, Task> handler) => _connectionHandlers = [.. _connectionHandlers, handler];

    /// <summary>Called once for every client that has disconnected, after all its events have been handled.</summary>
    public void OnDisconnect(Action<SocketIoSocket, SocketIoDisconnectReason> handler) => _disconnectHandlers = [.. _disconnectHandlers, handler];

    /// <summary>Called once for every client that has disconnected, after all its events have been handled.</summary>
    public void OnDisconnect(Func<SocketIoSocket, SocketIoDisconnectReason, Task> handler) => _disconnectHandlers = [.. _disconnectHandlers, handler];

    /// <summary>Called for every client that wants in, one middleware after the other; it can refuse.</summary>
    public void Use(Func<SocketIoConnectContext, Task> middleware) => _middleware = [.. _middleware, middleware];

    /// <summary>Called for every client that wants in; it can refuse.</summary>
    public void Use(Action<SocketIoConnectContext> middleware) => Use(context =>
    {
        middleware(context);
        return Task.CompletedTask;
    });

    /// <summary>Handles an event of all clients: one handler for the namespace costs less than one for each socket. The sender is <see cref="SocketIoEvent.Socket"/>.</summary>
    public void On(string name, Action<SocketIoEvent> handler) => Handlers.Add(name, handler);

    /// <summary>Handles an event of all clients. Later events of the same client wait until the task has ended.</summary>
    public void On(string name, Func<SocketIoEvent, Task> handler) => Handlers.Add(name, handler);

    /// <summary>Handles an event of all clients with one typed argument. If the argument is of another shape the handler is not called.</summary>
    public void On<T>(string name, JsonTypeInfo<T> typeInfo, Func<T, SocketIoEvent, Task> handler) => Handlers.Add(name, TypedHandlers.Create(typeInfo, handler, _server));

    /// <summary>A socket by its id, if it is connected here.</summary>
    public bool TryGetSocket(string id, [NotNullWhen(true)] out SocketIoSocket? socket) => _sockets.TryGetValue(id, out socket);

    /// <summary>Everybody in some rooms.</summary>
    public SocketIoTarget To(params ReadOnlySpan<string> rooms) => All.To(rooms);

    /// <summary>Everybody but the members of some rooms.</summary>
    public SocketIoTarget Except(params ReadOnlySpan<string> rooms) => All.Except(rooms);

    /// <summary>Sends an event to everybody.</summary>
    public int Emit(string name, params ReadOnlySpan<SocketIoArgument> arguments) => All.Emit(name, arguments);

    internal static string CheckName(string name) => SocketIoEventNames.IsReserved(name)
        ? throw new ArgumentException($"'{name}' is a name that the protocol keeps for itself: clients raise it on their own.", nameof(name))
        : name;

    internal void Add(SocketIoSocket socket)
    {
        _sockets[socket.Id] = socket;
        if (!socket.Connected)
        {
            // It ended while it was being added.
            Remove(socket);
        }
    }

    internal void Remove(SocketIoSocket socket) => _sockets.TryRemove(socket.Id, out _);
}
