using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Parley.SocketIo.EngineIo;
using Parley.SocketIo.WebSockets;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>A WebSocket of a session: one read loop, and one write at a time. While nothing comes it holds no buffer.</summary>
internal sealed partial class WebSocketTransport(HttpContext context, in WebSocketHandshake.Accepted accepted, EngineIoConnection connection, EngineIoServer server) : IDisposable
{
    private readonly PipeReader _input = accepted.Input;
    private readonly Stream _output = accepted.Output;
    private WebSocketReader _reader = new(server.Settings.MaxPayloadBytes);
    private CancellationTokenSource? _closeTimeout;
    private volatile bool _closing;
    private bool _isDisposed;
    private End _end;

    // How reading has ended.
    private enum End : byte
    {
        NotYet,
        ByClient,
        Broken,
        ByMistakeOfClient,
    }

    /// <summary>Reads until the end. When the task completes the WebSocket is not used any more.</summary>
    public async Task RunAsync()
    {
        // What matters of the headers has been copied, and a browser's are a kilobyte that would stay as long as the connection.
        context.Request.Headers.Clear();
        try
        {
            while (_end == End.NotYet)
            {
                // Waits without a buffer: there is one only while bytes are here that have not been read.
                var ready = Read(await _input.ReadAsync());
                if (!ready.IsCompletedSuccessfully)
                {
                    await ready;
                }
            }
        }
        catch (Exception ex) when (IsEnd(ex))
        {
            // The connection broke, or was cut from this side.
            _end = End.Broken;
        }
        finally
        {
            _reader.Release();
            connection.Lost(this, _end == End.ByClient);
            Close(EngineIoCloseReason.TransportClose, abort: _end == End.Broken);
            await WrittenAsync();
            Dispose();
        }
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
            catch (Exception ex) when (IsEnd(ex))
            {
                // Reading will fail too, and tell the session.
                Abort();
            }
        }
    }

    /// <summary>Says goodbye, and cuts the connection if the client does not in time. With <paramref name="abort"/> it is cut at once.</summary>
    public void Close(EngineIoCloseReason reason, bool abort)
    {
        if (abort)
        {
            Abort();
            return;
        }

        var (code, words) = Describe(reason);
        Close(code, words);
    }

    public void Dispose()
    {
        lock (this)
        {
            _isDisposed = true;
            _closeTimeout?.Dispose();
        }
    }

    // What the session wanted before it heard of the end can still be under way in other threads, and the context is the web server's again by then.
    private void Abort()
    {
        lock (this)
        {
            if (!_isDisposed)
            {
                context.Abort();
            }
        }
    }

    private static bool IsEnd(Exception ex) => ex is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;

    // Handles what has come. The task completes when more may be read.
    private ValueTask Read(ReadResult read)
    {
        var rest = read.Buffer;
        var ready = ValueTask.CompletedTask;
        try
        {
            WebSocketRead what;
            do
            {
                what = _reader.Read(ref rest);
                ready = Handle(what);
            }
            while (what != WebSocketRead.NeedMore && _end == End.NotYet && ready.IsCompletedSuccessfully);

            if (what == WebSocketRead.NeedMore && read.IsCompleted)
            {
                // Without a goodbye.
                _end = End.Broken;
            }

            _input.AdvanceTo(rest.Start, what == WebSocketRead.NeedMore ? rest.End : rest.Start);
        }
        catch
        {
            _input.AdvanceTo(rest.End);
            throw;
        }

        return ready;
    }

    private ValueTask Handle(WebSocketRead what)
    {
        switch (what)
        {
            case WebSocketRead.Message:
                return HandleMessage();
            case WebSocketRead.Ping when !_closing:
                return SendAsync(WebSocketOpcode.Pong, _reader.PingPayload);
            case WebSocketRead.Close:
                _end = End.ByClient;
                break;
            case WebSocketRead.TooLarge when !_closing:
                connection.MessageTooLarge(this);
                Close(EngineIoCloseReason.MessageTooLarge, abort: false);
                break;
            case WebSocketRead.ProtocolError:
                Close(ProtocolError, "");
                _end = End.ByMistakeOfClient;
                break;
            case WebSocketRead.InvalidText:
                Close(InvalidPayload, "");
                _end = End.ByMistakeOfClient;
                break;
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask HandleMessage()
    {
        var isBinary = _reader.IsBinary;
        var buffer = _reader.Take(out var length);

        // What comes after the end is only read to find the client's goodbye.
        var input = _closing ? WebSocketInput.ReadOn : connection.Receive(this, buffer, length, isBinary);
        if (input != WebSocketInput.BufferKept)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        switch (input)
        {
            case WebSocketInput.AnswerProbe:
                return SendAsync(EngineIoSession.ProbeAnswer);
            case WebSocketInput.Upgraded:
                connection.OpenOn(this);
                server.OnUpgraded(connection);
                break;
            case WebSocketInput.Close:
                Close(EngineIoCloseReason.TransportError, abort: false);
                break;
        }

        return connection.WhenReadyAsync(this);
    }
}
