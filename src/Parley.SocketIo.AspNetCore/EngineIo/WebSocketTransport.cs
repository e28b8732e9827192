using System.Buffers;
using System.Net.WebSockets;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>
/// A WebSocket of a session: one read loop, and one write at a time. While nothing comes it holds no buffer; a message is gathered in one rented buffer
/// however it was fragmented, and never grows past the limit.
/// </summary>
internal sealed class WebSocketTransport(WebSocket socket, EngineIoConnection connection, EngineIoServer server) : IDisposable
{
    private const int FirstBufferBytes = 4096;

    private readonly Lock _gate = new();
    private Task _writing = Task.CompletedTask;
    private CancellationTokenSource? _closeTimeout;
    private volatile bool _closing;

    /// <summary>Reads until the end. When the task completes the WebSocket is not used any more.</summary>
    public async Task RunAsync()
    {
        var byClient = false;
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                // Waits for a message without a buffer.
                var first = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (first.MessageType == WebSocketMessageType.Close)
                {
                    byClient = true;
                    break;
                }

                buffer ??= ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
                var length = 0;
                if (!first.EndOfMessage)
                {
                    (buffer, length) = await ReceiveMessageAsync(buffer);
                    if (length < 0)
                    {
                        byClient = true;
                        break;
                    }
                }

                if (_closing)
                {
                    // What comes after the end is only read to find the client's goodbye.
                    continue;
                }

                if (!await HandleAsync(connection.Receive(this, buffer, length, first.MessageType == WebSocketMessageType.Binary)))
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }

                buffer = null;
                var ready = connection.WhenReadyAsync(this);
                if (!ready.IsCompletedSuccessfully)
                {
                    await ready;
                }
            }
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection broke, or was cut from this side.
        }

        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        connection.Lost(this, byClient);
        await EndAsync();
    }

    /// <summary>Starts to write, and goes on until the session has nothing more. Called when no write is under way.</summary>
    public void Write(EngineIoFrame frame)
    {
        do
        {
            var sending = SendAsync(frame);
            if (!sending.IsCompletedSuccessfully)
            {
                Track(FinishAsync(sending));
                return;
            }

            sending.GetAwaiter().GetResult();
        }
        while (connection.Written(out frame));

        async Task FinishAsync(ValueTask sending)
        {
            try
            {
                await sending;
                while (connection.Written(out var next))
                {
                    await SendAsync(next);
                }
            }
            catch (Exception ex) when (ex is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Reading will fail too, and tell the session.
                socket.Abort();
            }
        }
    }

    /// <summary>Says goodbye, and cuts the connection if the client does not in time. With <paramref name="abort"/> it is cut at once.</summary>
    public void Close(EngineIoCloseReason reason, bool abort)
    {
        if (abort)
        {
            socket.Abort();
            return;
        }

        lock (_gate)
        {
            if (_closing)
            {
                return;
            }

            _closing = true;
            _closeTimeout = new CancellationTokenSource(server.Settings.CloseTimeout, server.Time);
            _closeTimeout.Token.UnsafeRegister(static socket => ((WebSocket)socket!).Abort(), socket);
        }

        Track(SayGoodbyeAsync(reason));
    }

    public void Dispose()
    {
        _closeTimeout?.Dispose();
        socket.Dispose();
    }

    // Returns whether the buffer has a new owner.
    private async ValueTask<bool> HandleAsync(WebSocketInput input)
    {
        switch (input)
        {
            case WebSocketInput.BufferKept:
                return true;
            case WebSocketInput.AnswerProbe:
                await SendAsync(EngineIoSession.ProbeAnswer);
                break;
            case WebSocketInput.Upgraded:
                connection.OpenOn(this);
                server.OnUpgraded(connection);
                break;
            case WebSocketInput.Close:
                Close(EngineIoCloseReason.TransportError, abort: false);
                break;
        }

        return false;
    }

    // Gathers one message. A length of -1: the client closed instead.
    private async ValueTask<(byte[] Buffer, int Length)> ReceiveMessageAsync(byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                buffer = Grow(buffer, length);
            }

            var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return (buffer, -1);
            }

            length += received.Count;
            if (length > server.Settings.MaxPayloadBytes)
            {
                // The rest is read over, so that the client gets to see why this ends.
                connection.MessageTooLarge(this);
                Close(EngineIoCloseReason.MessageTooLarge, abort: false);
                length = 0;
            }

            if (received.EndOfMessage)
            {
                return (buffer, length);
            }
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private ValueTask SendAsync(in EngineIoFrame frame) => socket.SendAsync(
        frame.Bytes, frame.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);

    // A write that has just ended may hand over to the next while its task is not complete yet, so there can be two for a moment.
    private void Track(Task writing)
    {
        lock (_gate)
        {
            _writing = _writing.IsCompleted ? writing : Task.WhenAll(_writing, writing);
        }
    }

    private async Task SayGoodbyeAsync(EngineIoCloseReason reason)
    {
        try
        {
            var (status, words) = Describe(reason);
            await socket.CloseOutputAsync(status, words, CancellationToken.None);
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    // Answers the client's goodbye with ours, if it has not been said, and waits for the last write.
    private async Task EndAsync()
    {
        Close(EngineIoCloseReason.TransportClose, abort: socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived or WebSocketState.CloseSent));
        Task writing;
        lock (_gate)
        {
            writing = _writing;
        }

        await writing;
    }

    private static (WebSocketCloseStatus Status, string Words) Describe(EngineIoCloseReason reason) => reason switch
    {
        EngineIoCloseReason.MessageTooLarge => (WebSocketCloseStatus.MessageTooBig, "message too large"),
        EngineIoCloseReason.RateLimited => (WebSocketCloseStatus.PolicyViolation, "too many messages"),
        EngineIoCloseReason.SlowConsumer => (WebSocketCloseStatus.PolicyViolation, "too slow"),
        EngineIoCloseReason.ParseError => (WebSocketCloseStatus.ProtocolError, "parse error"),
        EngineIoCloseReason.PingTimeout => (WebSocketCloseStatus.PolicyViolation, "ping timeout"),
        EngineIoCloseReason.ServerShuttingDown => (WebSocketCloseStatus.EndpointUnavailable, "server shutting down"),
        _ => (WebSocketCloseStatus.NormalClosure, ""),
    };
}
