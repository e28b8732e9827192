using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>
/// A client in a namespace. All members may be used from any thread. Its events are handled one after the other: an asynchronous handler holds back the
/// socket's later events until it has ended, and the disconnect handlers run after all of them.
/// </summary>
public sealed partial class SocketIoSocket
{
    private readonly SocketIoClient _client;
    private ConcurrentDictionary<object, object?>? _items;
    private CancellationTokenSource? _closed;
    private volatile bool _connected;

    internal SocketIoSocket(SocketIoClient client, SocketIoNamespace @namespace, SocketIoHandshake handshake, string id)
    {
        _client = client;
        Namespace = @namespace;
        Handshake = handshake;
        Id = id;
    }

    /// <summary>The socket's public id, 20 characters. Another connection gets another one. It says nothing about the session's secret id.</summary>
    public string Id { get; }

    /// <summary>The namespace the client is in.</summary>
    public SocketIoNamespace Namespace { get; }

    /// <summary>What the client brought along when it connected.</summary>
    public SocketIoHandshake Handshake { get; }

    /// <summary>Whether the client is connected, as far as the server knows.</summary>
    public bool Connected => _connected;

    /// <summary>How the client's packets travel now.</summary>
    public EngineIoTransport Transport => _client.Transport;

    /// <summary>Room for whatever the application wants to remember about the client.</summary>
    public IDictionary<object, object?> Items => LazyInitializer.EnsureInitialized(ref _items);

    /// <summary>Cancelled as soon as the client is disconnected, before the disconnect handlers run.</summary>
    public CancellationToken Closed
    {
        get
        {
            var source = LazyInitializer.EnsureInitialized(ref _closed);
            if (_ended)
            {
                source.Cancel();
            }

            return source.Token;
        }
    }

    /// <summary>
    /// Sends an event. Never blocks: what the client cannot take at once is queued, and a client that lets more than
    /// <see cref="SocketIoOptions.MaxQueuedBytes"/> queue up is disconnected.
    /// </summary>
    /// <returns>Whether it was sent or queued; false if the client is not connected.</returns>
    /// <exception cref="ArgumentException">The name is one that the protocol keeps for itself.</exception>
    public bool Emit(string name, params ReadOnlySpan<SocketIoArgument> arguments) => _connected && _client.Send(EncodeEvent(-1, name, arguments), @volatile: false);

    /// <summary>Sends an event with one value.</summary>
    public bool Emit<T>(string name, T value, JsonTypeInfo<T> typeInfo) => Emit(name, SocketIoArgument.From(value, typeInfo));

    /// <summary>Sends an event only if the transport can take it now, for what is stale a moment later: it is dropped while something else is being written.</summary>
    public bool EmitVolatile(string name, params ReadOnlySpan<SocketIoArgument> arguments) => _connected && _client.Send(EncodeEvent(-1, name, arguments), @volatile: true);

    /// <summary>Sends an event and waits for the client's answer.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="timeout">How long to wait, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="arguments">The event's arguments.</param>
    /// <exception cref="TimeoutException">The answer did not come in time. The event may have been handled all the same.</exception>
    /// <exception cref="SocketIoDisconnectedException">The client disconnected before it answered.</exception>
    public Task<SocketIoAckReply> EmitWithAckAsync(string name, TimeSpan timeout, params ReadOnlySpan<SocketIoArgument> arguments) =>
        EmitWithAckAsync(name, timeout, CancellationToken.None, arguments);

    /// <summary>Sends an event and waits for the client's answer.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="timeout">How long to wait, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="arguments">The event's arguments.</param>
    /// <exception cref="TimeoutException">The answer did not come in time. The event may have been handled all the same.</exception>
    /// <exception cref="SocketIoDisconnectedException">The client disconnected before it answered.</exception>
#pragma warning disable CA1068 // A params span has to be last.
    public Task<SocketIoAckReply> EmitWithAckAsync(string name, TimeSpan timeout, CancellationToken cancellationToken, params ReadOnlySpan<SocketIoArgument> arguments)
#pragma warning restore CA1068
    {
        SocketIoNamespace.CheckName(name);
        var id = _acks.Begin(out var reply);
        if (!_connected || !_client.Send(EncodeEvent(id, name, arguments), @volatile: false))
        {
            _acks.Forget(id);
            return Task.FromException<SocketIoAckReply>(new SocketIoDisconnectedException());
        }

        return WaitAsync();

        async Task<SocketIoAckReply> WaitAsync()
        {
            try
            {
                return await reply.WaitAsync(timeout, _client.Server.Time, cancellationToken);
            }
            finally
            {
                _acks.Forget(id);
            }
        }
    }

    /// <summary>Handles an event. Several handlers of one name run in the order they were added.</summary>
    public void On(string name, Action<SocketIoEvent> handler) => Handlers.Add(name, handler);

    /// <summary>Handles an event. Later events of this socket wait until the task has ended.</summary>
    public void On(string name, Func<SocketIoEvent, Task> handler) => Handlers.Add(name, handler);

    /// <summary>Handles an event with one typed argument. If the argument is of another shape the handler is not called.</summary>
    public void On<T>(string name, JsonTypeInfo<T> typeInfo, Func<T, SocketIoEvent, Task> handler) => Handlers.Add(name, TypedHandlers.Create(typeInfo, handler, _client.Server));

    /// <summary>Removes all handlers of an event that were added to this socket.</summary>
    public void Off(string name) => Handlers.Remove(name);

    /// <summary>Called for every event of this socket before its handlers. Without a call to <c>next</c> no handler is called.</summary>
    public void Use(Func<SocketIoEvent, Func<Task>, Task> middleware) => Add(ref _middleware, middleware);

    /// <summary>Called for every event of this socket, before the handlers of its name.</summary>
    public void OnAny(Action<SocketIoEvent> handler) => Add(ref _onAny, handler);

    /// <summary>Called when the client is no longer connected, while it still is in its rooms.</summary>
    public void OnDisconnecting(Action<SocketIoDisconnectReason> handler) => Add(ref _onDisconnecting, handler);

    /// <summary>Called once when the client is no longer connected, after all its events have been handled.</summary>
    public void OnDisconnect(Action<SocketIoDisconnectReason> handler) => Add(ref _onDisconnect, handler);

    /// <summary>Called once when the client is no longer connected, after all its events have been handled.</summary>
    public void OnDisconnect(Func<SocketIoDisconnectReason, Task> handler) => Add(ref _onDisconnect, handler);

    /// <summary>
    /// Takes the client out of the namespace. The client does not come back by itself. With <paramref name="closeConnection"/> it is taken out of all its
    /// namespaces, and the connection is closed after that.
    /// </summary>
    public void Disconnect(bool closeConnection = false) => _client.Disconnect(this, closeConnection);

    /// <summary>Closes the connection under the client, of all its namespaces. The client will try to connect again: this moves it elsewhere, it does not turn it away.</summary>
    public void CloseTransport() => _client.CloseTransport();

    /// <summary>Joins a room. False if the client is no longer connected.</summary>
    public bool Join(string room) => Namespace.Rooms.Join(this, room);

    /// <summary>Leaves a room.</summary>
    public void Leave(string room) => Namespace.Rooms.Leave(this, room);

    /// <summary>The rooms the socket has joined. The one that is named by its id is not among them.</summary>
    public IReadOnlyList<string> Rooms => Namespace.Rooms.Of(this);

    /// <summary>All others in the namespace.</summary>
    public SocketIoTarget Broadcast => new(Namespace, sender: this);

    /// <summary>All others in some rooms.</summary>
    public SocketIoTarget To(params ReadOnlySpan<string> rooms) => Broadcast.To(rooms);

    /// <summary>All others in the namespace but those in some rooms.</summary>
    public SocketIoTarget Except(params ReadOnlySpan<string> rooms) => Broadcast.Except(rooms);

    // Guarded by the room table's lock.
    internal List<string>? JoinedRooms { get; set; }

    internal bool HasLeftRooms { get; set; }

    internal bool SendAck(long ackId, ReadOnlySpan<SocketIoArgument> arguments) =>
        _connected && _client.Send(SocketIoPacketWriter.Ack(Namespace.Name, ackId, arguments), @volatile: false);

    internal bool Send(in SocketIoFrames frames, bool @volatile) => _connected && _client.Send(frames, @volatile);

    private SocketIoFrames EncodeEvent(long ackId, string name, ReadOnlySpan<SocketIoArgument> arguments) =>
        SocketIoPacketWriter.Event(Namespace.Name, ackId, SocketIoNamespace.CheckName(name), arguments);
}
