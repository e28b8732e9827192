using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

internal sealed partial class EngineIoConnection
{
    /// <summary>The session was opened on this WebSocket.</summary>
    public void OpenOn(WebSocketTransport transport)
    {
        var effects = new Effects(this);
        lock (this)
        {
            _current = transport;
            _session.WebSocketOpened(_server.Now, ref effects);
        }

        effects.CarryOut(fromHandler: false);
    }

    /// <summary>A WebSocket wants to take the session over. False: it has to be closed.</summary>
    public bool TryUpgradeTo(WebSocketTransport transport)
    {
        lock (this)
        {
            if (!_session.CandidateOpened(_server.Now))
            {
                return false;
            }

            _candidate = transport;
        }

        Reschedule();
        return true;
    }

    /// <summary>A WebSocket has received a message.</summary>
    /// <param name="from">Which.</param>
    /// <param name="buffer">A rented array with the message at its start.</param>
    /// <param name="length">How long the message is.</param>
    /// <param name="isBinary">A binary message, not text.</param>
    /// <returns>What to do next.</returns>
    public WebSocketInput Receive(WebSocketTransport from, byte[] buffer, int length, bool isBinary)
    {
        var effects = new Effects(this);
        EngineIoInput input;
        lock (this)
        {
            if (_current != from)
            {
                if (_candidate != from)
                {
                    return WebSocketInput.Close;
                }

                return ReceiveFromCandidate(from, isBinary ? default : buffer.AsSpan(0, length), ref effects);
            }

            var now = _server.Now;
            input = isBinary ? _session.ReceiveBinary(now, ref effects) : _session.ReceiveText(buffer.AsSpan(0, length), now, ref effects);
        }

        effects.CarryOut(fromHandler: false);
        _server.Metrics.Received(length);
        switch (input)
        {
            case EngineIoInput.Message:
                var skip = isBinary ? 0 : 1;
                return _handler.OnMessage(buffer, skip, length - skip, isBinary) ? WebSocketInput.BufferKept : WebSocketInput.ReadOn;
            case EngineIoInput.Base64Message when EngineIoPayload.TryDecode(buffer.AsSpan(1, length - 1), out var data):
                Deliver(data, isBinary: true);
                return WebSocketInput.ReadOn;
            case EngineIoInput.Base64Message:
                Fail(EngineIoCloseReason.ParseError);
                return WebSocketInput.ReadOn;
            default:
                // A pong may have brought the next ping nearer than the end of its own deadline was.
                Reschedule();
                return WebSocketInput.ReadOn;
        }
    }

    /// <summary>Completes when the next message may be read.</summary>
    public ValueTask WhenReadyAsync(WebSocketTransport transport) => transport == _current ? WhenReadyAsync() : ValueTask.CompletedTask;

    /// <summary>A write is done. True: <paramref name="next"/> is the next to write.</summary>
    public bool Written(out EngineIoFrame next)
    {
        var step = default(NextWrite);
        lock (this)
        {
            _session.WebSocketWritten(_server.Now, ref step);
            if (step.IsClosed)
            {
                CloseReason = step.Reason;
            }
        }

        next = step.Frame;
        if (step.IsClosed)
        {
            _current!.Close(step.Reason, abort: false);
            OnClosed(step.Reason, fromHandler: true);
        }

        return step.HasFrame;
    }

    /// <summary>A WebSocket has received more than a message may have. The WebSocket closes itself.</summary>
    public void MessageTooLarge(WebSocketTransport from)
    {
        if (from == Volatile.Read(ref _current))
        {
            Fail(EngineIoCloseReason.MessageTooLarge);
        }
        else
        {
            Lost(from, byClient: false);
        }
    }

    /// <summary>A WebSocket is no more.</summary>
    public void Lost(WebSocketTransport transport, bool byClient)
    {
        var effects = new Effects(this);
        lock (this)
        {
            if (transport == _current)
            {
                _session.WebSocketClosed(byClient, _server.Now, ref effects);
            }
            else if (transport == _candidate)
            {
                _candidate = null;
                _session.CandidateClosed();
            }
        }

        effects.CarryOut(fromHandler: false);
    }

    // Called with the lock held.
    private WebSocketInput ReceiveFromCandidate(WebSocketTransport from, ReadOnlySpan<byte> text, ref Effects effects)
    {
        var now = _server.Now;
        switch (_session.CandidateReceived(text, now, ref effects))
        {
            case EngineIoUpgrade.AnswerProbe:
                return WebSocketInput.AnswerProbe;
            case EngineIoUpgrade.Done:
                _current = from;
                _candidate = null;
                return WebSocketInput.Upgraded;
            default:
                _candidate = null;
                return WebSocketInput.Close;
        }
    }

    // What a finished write can lead to: another write, or the end that waited for it.
    private struct NextWrite : IEngineIoSink
    {
        public EngineIoFrame Frame;
        public bool HasFrame;
        public bool IsClosed;
        public EngineIoCloseReason Reason;

        public readonly void AnswerPoll(scoped ReadOnlySpan<EngineIoFrame> frames) => throw new System.Diagnostics.UnreachableException("A session on a WebSocket has no waiting GET.");

        public readonly void RefusePoll() => throw new System.Diagnostics.UnreachableException("A session on a WebSocket has no waiting GET.");

        public readonly void CloseCandidate(bool overdue) => throw new System.Diagnostics.UnreachableException("A session on a WebSocket has no candidate.");

        public void WriteWebSocket(in EngineIoFrame frame)
        {
            Frame = frame;
            HasFrame = true;
        }

        public readonly void CloseWebSocket(EngineIoCloseReason reason, bool abort)
        {
        }

        public void Closed(EngineIoCloseReason reason)
        {
            IsClosed = true;
            Reason = reason;
        }
    }
}

/// <summary>What a WebSocket does after a message.</summary>
internal enum WebSocketInput
{
    /// <summary>Read the next.</summary>
    ReadOn,

    /// <summary>Read the next, into another buffer.</summary>
    BufferKept,

    /// <summary>Answer the probe, then read on.</summary>
    AnswerProbe,

    /// <summary>It is the session's transport now: say so with <see cref="EngineIoConnection.OpenOn"/>, then read on.</summary>
    Upgraded,

    /// <summary>Close.</summary>
    Close,
}
