using System.Diagnostics;

namespace Parley.SocketIo.AspNetCore;

public sealed partial class SocketIoSocket
{
    private EventHandlers? _handlers;
    private PendingAcks _acks;
    private Func<SocketIoEvent, Func<Task>, Task>[] _middleware = [];
    private Action<SocketIoEvent>[] _onAny = [];
    private Action<SocketIoDisconnectReason>[] _onDisconnecting = [];
    private Delegate[] _onDisconnect = [];
    private volatile bool _ended;
    private Task _cancelling = Task.CompletedTask;

    // Guarded by the client's lock. A socket is born busy with its connection handlers.
    private Queue<Work>? _waiting;
    private bool _busy = true;

    private EventHandlers Handlers => LazyInitializer.EnsureInitialized(ref _handlers);

    /// <summary>The CONNECT was accepted: the socket can send.</summary>
    internal void Begin() => _connected = true;

    /// <summary>Runs the connection handlers, and then what has come meanwhile.</summary>
    internal void Start()
    {
        var connecting = ConnectAsync();
        if (connecting.IsCompletedSuccessfully)
        {
            RunWaiting();
        }
        else
        {
            _ = PumpAsync(connecting, null);
        }
    }

    /// <summary>An event has come. Called with the client's lock held. True: the caller has to <see cref="Run"/> it; otherwise it waits for its turn.</summary>
    internal bool TryStart(in Work work)
    {
        if (!_busy)
        {
            _busy = true;
            return true;
        }

        (_waiting ??= new Queue<Work>()).Enqueue(work);
        return false;
    }

    /// <summary>Handles an event, and then what has come meanwhile. True: it goes on asynchronously, and the event's buffer is still in use.</summary>
    internal bool Run(in Work work, byte[]? buffer)
    {
        var handling = HandleAsync(work);
        if (handling.IsCompletedSuccessfully)
        {
            work.Event?.Release();
            RunWaiting();
            return false;
        }

        if (work.Event is { } received)
        {
            received.Rented = buffer;
            _client.Charge(received.Bytes);
        }

        _ = PumpAsync(handling, work.Event);
        return true;
    }

    /// <summary>The client is gone or is made to go. True for the first who says so.</summary>
    internal bool TryEnd()
    {
        lock (_client)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
            _connected = false;
        }

        if (_closed is { } closed)
        {
            _cancelling = closed.CancelAsync();
        }

        _acks.End();
        return true;
    }

    internal void OnAck(in SocketIoPacket packet, ReadOnlySpan<byte> text, ReadOnlyMemory<byte>[] attachments) =>
        _acks.Take(packet.AckId)?.TrySetResult(new SocketIoAckReply(packet, text.ToArray(), attachments));

    private static void Add<T>(ref T[] to, T item)
    {
        T[] before;
        do
        {
            before = to;
        }
        while (Interlocked.CompareExchange(ref to, [.. before, item], before) != before);
    }

    private void RunWaiting()
    {
        while (TryTakeNext(out var work))
        {
            var handling = HandleAsync(work);
            if (!handling.IsCompletedSuccessfully)
            {
                _ = PumpAsync(handling, work.Event);
                return;
            }

            Done(work.Event);
        }
    }

    // Every failure of a handler is caught where it is called, so that this task never fails; the server counts sockets until their last handler has ended.
    private async Task PumpAsync(ValueTask first, SocketIoEvent? received)
    {
        await first;
        Done(received);
        while (TryTakeNext(out var work))
        {
            await HandleAsync(work);
            Done(work.Event);
        }
    }

    private bool TryTakeNext(out Work work)
    {
        lock (_client)
        {
            if (_waiting is not null && _waiting.TryDequeue(out work))
            {
                return true;
            }

            _waiting = null;
            _busy = false;
            work = default;
            return false;
        }
    }

    private void Done(SocketIoEvent? received)
    {
        if (received is not null)
        {
            var bytes = received.Bytes;
            received.Release();
            _client.Charge(-bytes);
        }
    }

    private async ValueTask ConnectAsync()
    {
        foreach (var handler in Namespace.ConnectionHandlers)
        {
            try
            {
                if (handler is Func<SocketIoSocket, Task> asynchronous)
                {
                    await asynchronous(this);
                }
                else
                {
                    ((Action<SocketIoSocket>)handler)(this);
                }
            }
            catch (Exception ex)
            {
                // An application's mistake must not take the connection, let alone the process, with it.
                Log.ConnectionHandlerFailed(_client.Server.Logger, Namespace.Name, ex);
                _client.Server.Metrics.HandlerFailed();
            }
        }
    }

    private ValueTask HandleAsync(in Work work) => work.Event is { } received ? HandleEventAsync(received) : HandleEndAsync(work.Reason);

    private async ValueTask HandleEventAsync(SocketIoEvent received)
    {
        try
        {
            if (_middleware.Length > 0)
            {
                await CallMiddlewareAsync(received, 0);
            }
            else
            {
                await CallHandlersAsync(received);
            }
        }
        catch (Exception ex)
        {
            // As above: logged, counted, and the socket goes on.
            Log.EventHandlerFailed(_client.Server.Logger, received.Name, ex);
            _client.Server.Metrics.HandlerFailed();
        }
    }

    private Task CallMiddlewareAsync(SocketIoEvent received, int index) =>
        index < _middleware.Length ? _middleware[index](received, () => CallMiddlewareAsync(received, index + 1)) : CallHandlersAsync(received).AsTask();

    private async ValueTask CallHandlersAsync(SocketIoEvent received)
    {
        foreach (var handler in _onAny)
        {
            handler(received);
        }

        var shared = Namespace.Handlers.Find(received.NameJson);
        var own = _handlers?.Find(received.NameJson);
        if ((shared ?? own)?.Name is { } name)
        {
            received.SetName(name);
        }

        foreach (var handler in shared?.Handlers ?? [])
        {
            await Call(handler, received);
        }

        foreach (var handler in own?.Handlers ?? [])
        {
            await Call(handler, received);
        }
    }

    private static Task Call(Delegate handler, SocketIoEvent received)
    {
        if (handler is Func<SocketIoEvent, Task> asynchronous)
        {
            return asynchronous(received);
        }

        ((Action<SocketIoEvent>)handler)(received);
        return Task.CompletedTask;
    }

    private async ValueTask HandleEndAsync(SocketIoDisconnectReason reason)
    {
        Debug.Assert(_ended, "The end is handled after it has come.");
        await _cancelling;
        foreach (var handler in _onDisconnecting)
        {
            await CallEndHandlerAsync(handler, reason);
        }

        Namespace.Rooms.LeaveAll(this);
        foreach (var handler in Namespace.DisconnectHandlers)
        {
            await CallEndHandlerAsync(handler, reason);
        }

        foreach (var handler in _onDisconnect)
        {
            await CallEndHandlerAsync(handler, reason);
        }

        _client.Server.OnSocketEnded();
    }

    private async ValueTask CallEndHandlerAsync(Delegate handler, SocketIoDisconnectReason reason)
    {
        try
        {
            switch (handler)
            {
                case Func<SocketIoDisconnectReason, Task> asynchronous:
                    await asynchronous(reason);
                    break;
                case Action<SocketIoSocket, SocketIoDisconnectReason> shared:
                    shared(this, reason);
                    break;
                case Func<SocketIoSocket, SocketIoDisconnectReason, Task> sharedAsynchronous:
                    await sharedAsynchronous(this, reason);
                    break;
                default:
                    ((Action<SocketIoDisconnectReason>)handler)(reason);
                    break;
            }
        }
        catch (Exception ex)
        {
            // As above: the next handler still has to hear of it.
            Log.DisconnectHandlerFailed(_client.Server.Logger, Namespace.Name, ex);
            _client.Server.Metrics.HandlerFailed();
        }
    }

    /// <summary>Something to handle in its turn: an event, or without one the end.</summary>
    internal readonly record struct Work(SocketIoEvent? Event, SocketIoDisconnectReason Reason);
}
