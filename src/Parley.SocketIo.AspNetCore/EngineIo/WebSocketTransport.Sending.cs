using System.Buffers;
using Parley.SocketIo.EngineIo;
using Parley.SocketIo.WebSockets;

namespace Parley.SocketIo.AspNetCore.EngineIo;

internal sealed partial class WebSocketTransport
{
    private const int ProtocolError = 1002;
    private const int InvalidPayload = 1007;

    private Task _writing = Task.CompletedTask;
    private Queue<TaskCompletionSource>? _waiting;
    private bool _sending;

    private ValueTask SendAsync(in EngineIoFrame frame) => SendAsync(frame.IsBinary ? WebSocketOpcode.Binary : WebSocketOpcode.Text, frame.Bytes);

    // Frames take turns. The session sends one at a time, so only pongs, answers to probes and the goodbye ever wait here.
    private ValueTask SendAsync(WebSocketOpcode opcode, ReadOnlyMemory<byte> payload)
    {
        TaskCompletionSource turn;
        lock (this)
        {
            if (!_sending)
            {
                _sending = true;
                turn = null!;
            }
            else
            {
                turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                (_waiting ??= new Queue<TaskCompletionSource>(1)).Enqueue(turn);
            }
        }

        return turn is null ? SendNowAsync(opcode, payload) : WaitAsync();

        async ValueTask WaitAsync()
        {
            await turn.Task;
            await SendNowAsync(opcode, payload);
        }
    }

    // Through the web server's stream and not its pipe: the server ends the pipe under a writer's hands when the connection breaks, the stream it guards.
    private ValueTask SendNowAsync(WebSocketOpcode opcode, ReadOnlyMemory<byte> payload)
    {
        var frame = ArrayPool<byte>.Shared.Rent(WebSocketWriter.Measure(payload.Length));
        ValueTask sending;
        try
        {
            sending = _output.WriteAsync(frame.AsMemory(0, WebSocketWriter.Write(opcode, payload.Span, frame)));
        }
        catch (Exception ex) when (IsEnd(ex))
        {
            sending = ValueTask.FromException(ex);
        }

        if (!sending.IsCompletedSuccessfully)
        {
            return FinishAsync(sending, frame);
        }

        sending.GetAwaiter().GetResult();
        Sent(frame);
        return ValueTask.CompletedTask;

        async ValueTask FinishAsync(ValueTask sending, byte[] frame)
        {
            try
            {
                await sending;
            }
            finally
            {
                Sent(frame);
            }
        }
    }

    private void Sent(byte[] frame)
    {
        ArrayPool<byte>.Shared.Return(frame);
        TaskCompletionSource? next = null;
        lock (this)
        {
            if (_waiting is null || !_waiting.TryDequeue(out next))
            {
                _waiting = null;
                _sending = false;
            }
        }

        next?.SetResult();
    }

    private void Close(int code, string words)
    {
        lock (this)
        {
            if (_closing || _isDisposed)
            {
                return;
            }

            _closing = true;
            _closeTimeout = new CancellationTokenSource(server.Settings.CloseTimeout, server.Time);
            _closeTimeout.Token.UnsafeRegister(static transport => ((WebSocketTransport)transport!).Abort(), this);
        }

        var goodbye = SendAsync(WebSocketOpcode.Close, WebSocketWriter.Close(code, words));
        if (!goodbye.IsCompletedSuccessfully)
        {
            Track(FinishAsync());
        }

        async Task FinishAsync()
        {
            try
            {
                await goodbye;
            }
            catch (Exception ex) when (IsEnd(ex))
            {
                Abort();
            }
        }
    }

    // A write that has just ended may hand over to the next while its task is not complete yet, so there can be two for a moment.
    private void Track(Task writing)
    {
        lock (this)
        {
            _writing = _writing.IsCompleted ? writing : Task.WhenAll(_writing, writing);
        }
    }

    private Task WrittenAsync()
    {
        lock (this)
        {
            return _writing;
        }
    }

    private static (int Code, string Words) Describe(EngineIoCloseReason reason) => reason switch
    {
        EngineIoCloseReason.MessageTooLarge => (1009, "message too large"),
        EngineIoCloseReason.RateLimited => (1008, "too many messages"),
        EngineIoCloseReason.SlowConsumer => (1008, "too slow"),
        EngineIoCloseReason.ParseError => (ProtocolError, "parse error"),
        EngineIoCloseReason.PingTimeout => (1008, "ping timeout"),
        EngineIoCloseReason.ServerShuttingDown => (1001, "server shutting down"),
        _ => (1000, ""),
    };
}
