using Parley.SocketIo.AspNetCore.EngineIo;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>
/// The Socket.IO side of one connection: reads packets, keeps the client's sockets (one for each namespace), and hands events to them. The protocol's rules
/// are in <see cref="SocketIoSession{TSocket}"/>. The lock on this object guards the session and the sockets' queues.
/// </summary>
internal sealed class SocketIoClient : IEngineIoHandler
{
    // Charged for a waiting event besides its bytes.
    private const int EventOverhead = 256;

    private readonly EngineIoConnection _connection;
    private readonly SocketIoHandshake _handshake;
    private readonly SocketIoSession<SocketIoSocket> _session;
    private int _unhandledBytes;
    private TaskCompletionSource? _ready;
    private bool _ended;

    public SocketIoClient(SocketIoServer server, EngineIoConnection connection, SocketIoHandshake handshake)
    {
        Server = server;
        _connection = connection;
        _handshake = handshake;
        _session = new SocketIoSession<SocketIoSocket>(server.Settings, server.Engine.Now);
    }

    public SocketIoServer Server { get; }

    public EngineIoTransport Transport => _connection.Transport;

    public TimeSpan NextDeadline => _session.NextDeadline;

    public bool OnMessage(byte[] buffer, int offset, int length, bool isBinary) =>
        isBinary ? OnBinary(buffer, offset, length) : OnText(buffer, offset, length);

    public ValueTask WhenReadyAsync()
    {
        if (Volatile.Read(ref _unhandledBytes) <= Server.Options.MaxUnhandledBytes)
        {
            return ValueTask.CompletedTask;
        }

        lock (this)
        {
            if (_unhandledBytes <= Server.Options.MaxUnhandledBytes)
            {
                return ValueTask.CompletedTask;
            }

            Server.Metrics.LimitHit(SocketIoLimit.UnhandledBytes);
            _ready ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_ready.Task);
        }
    }

    /// <summary>Counts bytes of events that wait or are being handled asynchronously; negative when one is done.</summary>
    public void Charge(int bytes)
    {
        TaskCompletionSource? ready = null;
        lock (this)
        {
            _unhandledBytes += bytes + (Math.Sign(bytes) * EventOverhead);
            if (_ready is not null && _unhandledBytes <= Server.Options.MaxUnhandledBytes)
            {
                ready = _ready;
                _ready = null;
            }
        }

        ready?.SetResult();
    }

    public bool Send(in SocketIoFrames frames, bool @volatile) =>
        _connection.Send(frames.Attachments.Length == 0 ? [frames.Text] : [frames.Text, .. frames.Attachments], @volatile);

    public void Disconnect(SocketIoSocket socket, bool closeConnection)
    {
        SocketIoSocket[] sockets;
        lock (this)
        {
            sockets = closeConnection ? [.. _session.Sockets()] : [socket];
            foreach (var each in sockets)
            {
                _session.TakeOut(each.Namespace.Name);
            }
        }

        foreach (var each in sockets)
        {
            // The packet goes first: a socket that has ended sends nothing.
            if (each.Connected)
            {
                _connection.Send([SocketIoPacketWriter.Disconnect(each.Namespace.Name)]);
                End(each, SocketIoDisconnectReason.ServerNamespaceDisconnect, inline: false);
            }
        }

        if (closeConnection)
        {
            _connection.Close(EngineIoCloseReason.ForcedServerClose);
        }
    }

    public void CloseTransport() => _connection.Close(EngineIoCloseReason.ForcedClose);

    public void OnDeadline(TimeSpan now)
    {
        bool overdue;
        lock (this)
        {
            overdue = _session.IsOverdue(now);
        }

        if (overdue)
        {
            Server.Metrics.LimitHit(_session.HeldBytes > 0 ? SocketIoLimit.AttachmentTime : SocketIoLimit.ConnectTime);
            _connection.Close(EngineIoCloseReason.ForcedServerClose);
        }
    }

    public void OnClosed(EngineIoCloseReason reason)
    {
        SocketIoSocket[] sockets;
        TaskCompletionSource? ready;
        lock (this)
        {
            _ended = true;
            sockets = [.. _session.Sockets()];
            _session.Clear();
            ready = _ready;
            _ready = null;
        }

        ready?.TrySetResult();
        foreach (var socket in sockets)
        {
            End(socket, reason.ToDisconnectReason(), inline: true);
        }
    }

    private bool OnText(byte[] buffer, int offset, int length)
    {
        var text = buffer.AsMemory(offset, length);
        SocketIoInput input;
        SocketIoPacket packet;
        SocketIoSocket? socket;
        SocketIoSocket.Work work = default;
        var starts = false;
        lock (this)
        {
            if (_ended)
            {
                return false;
            }

            input = _session.ReceiveText(text.Span, Server.Engine.Now, out packet, out socket);
            if (input == SocketIoInput.Event)
            {
                work = new SocketIoSocket.Work(new SocketIoEvent(socket!, packet, text, []), default);
                starts = TryStart(work, buffer);
            }
        }

        switch (input)
        {
            case SocketIoInput.Event:
                return !starts || socket!.Run(work, buffer);
            case SocketIoInput.AttachmentsDue:
                _connection.Reschedule();
                break;
            case SocketIoInput.Connect:
                Connect(NameOf(packet, text.Span), packet.Payload.Of(text.Span));
                break;
            case SocketIoInput.TooManyNamespaces:
                Server.Metrics.LimitHit(SocketIoLimit.Namespaces);
                _connection.Send([SocketIoPacketWriter.ConnectError(NameOf(packet, text.Span), "Too many namespaces", default)]);
                break;
            default:
                Handle(input, packet, text.Span, [], socket);
                break;
        }

        return false;
    }

    private bool OnBinary(byte[] buffer, int offset, int length)
    {
        SocketIoInput input;
        SocketIoPacket packet;
        SocketIoBinaryMessage message;
        SocketIoSocket? socket;
        SocketIoSocket.Work work = default;
        var starts = false;
        lock (this)
        {
            if (_ended)
            {
                return false;
            }

            input = _session.ReceiveBinary(buffer.AsSpan(offset, length), out packet, out message, out socket);
            if (input == SocketIoInput.Event)
            {
                work = new SocketIoSocket.Work(new SocketIoEvent(socket!, packet, message.Text, message.Attachments), default);
                starts = TryStart(work, buffer: null);
            }
        }

        if (starts)
        {
            socket!.Run(work, buffer: null);
        }
        else if (input is not (SocketIoInput.Event or SocketIoInput.AttachmentsDue))
        {
            Handle(input, packet, message.Text.Span, message.Attachments, socket);
        }

        return false;
    }

    // Called with the lock held. When the event has to wait for its turn it takes the buffer with it.
    private bool TryStart(in SocketIoSocket.Work work, byte[]? buffer)
    {
        var received = work.Event!;
        if (received.Socket.TryStart(work))
        {
            return true;
        }

        received.Rented = buffer;
        Charge(received.Bytes);
        return false;
    }

    private void Handle(SocketIoInput input, in SocketIoPacket packet, ReadOnlySpan<byte> text, ReadOnlyMemory<byte>[] attachments, SocketIoSocket? socket)
    {
        switch (input)
        {
            case SocketIoInput.Ack:
                socket!.OnAck(packet, text, attachments);
                break;
            case SocketIoInput.Disconnect:
                End(socket!, SocketIoDisconnectReason.ClientNamespaceDisconnect, inline: true);
                break;
            case SocketIoInput.Invalid:
                CountLimit();
                _connection.Fail(EngineIoCloseReason.ParseError);
                break;
            case SocketIoInput.TooLarge:
                _connection.Fail(EngineIoCloseReason.MessageTooLarge);
                break;
        }
    }

    private void CountLimit()
    {
        switch (_session.ParseStatus)
        {
            case SocketIoParseStatus.TooDeep:
                Server.Metrics.LimitHit(SocketIoLimit.JsonDepth);
                break;
            case SocketIoParseStatus.BadAttachmentCount:
                Server.Metrics.LimitHit(SocketIoLimit.Attachments);
                break;
        }
    }

    private void Connect(string name, ReadOnlySpan<byte> auth)
    {
        if (!Server.TryGetNamespace(name, out var @namespace))
        {
            Refuse(name, "Invalid namespace", default);
            return;
        }

        var socket = new SocketIoSocket(this, @namespace, _handshake.WithAuth(auth), SocketIoServer.NewId());
        if (@namespace.Middleware.Length == 0)
        {
            Accept(socket);
        }
        else
        {
            _ = AskMiddlewareAsync(socket);
        }
    }

    // Never fails: whatever middleware throws refuses the client.
    private async Task AskMiddlewareAsync(SocketIoSocket socket)
    {
        var context = new SocketIoConnectContext(socket);
        foreach (var middleware in socket.Namespace.Middleware)
        {
            try
            {
                await middleware(context);
            }
            catch (Exception ex)
            {
                Log.MiddlewareFailed(Server.Logger, socket.Namespace.Name, ex);
                Server.Metrics.HandlerFailed();
                context.Refuse("Internal error");
            }

            if (context.RefusalMessage is { } message)
            {
                Refuse(socket.Namespace.Name, message, context.RefusalData);
                return;
            }
        }

        Accept(socket);
    }

    private void Refuse(string name, string message, ReadOnlyMemory<byte> data)
    {
        bool refused;
        lock (this)
        {
            refused = _session.Refuse(name);
        }

        if (refused)
        {
            _connection.Send([SocketIoPacketWriter.ConnectError(name, message, data)]);
        }
    }

    private void Accept(SocketIoSocket socket)
    {
        lock (this)
        {
            if (_ended || !_session.Accept(socket.Namespace.Name, socket))
            {
                return;
            }

            socket.Begin();
        }

        Server.OnSocketBegun();

        // The yes goes out before anybody else can find the socket and send to it.
        _connection.Send([SocketIoPacketWriter.Connect(socket.Namespace.Name, socket.Id)]);
        socket.Namespace.Add(socket);
        socket.Start();
    }

    private void End(SocketIoSocket socket, SocketIoDisconnectReason reason, bool inline)
    {
        if (!socket.TryEnd())
        {
            return;
        }

        socket.Namespace.Remove(socket);
        var work = new SocketIoSocket.Work(null, reason);
        bool starts;
        lock (this)
        {
            starts = socket.TryStart(work);
        }

        if (starts && inline)
        {
            socket.Run(work, buffer: null);
        }
        else if (starts)
        {
            // Whoever ends a socket may be inside a handler of another one.
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Socket.Run(state.Work, buffer: null), (Socket: socket, Work: work), preferLocal: false);
        }
    }

    private static string NameOf(in SocketIoPacket packet, ReadOnlySpan<byte> text) =>
        packet.Namespace.Length == 0 ? "/" : System.Text.Encoding.UTF8.GetString(packet.Namespace.Of(text));
}
