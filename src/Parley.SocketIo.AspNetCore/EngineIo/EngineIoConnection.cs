using System.Diagnostics;
using System.IO.Pipelines;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>
/// One session between its transports and its handler. All the rules are in <see cref="EngineIoSession"/>; this class lets one caller at a time at it and
/// carries out what it wants, outside the lock. The lock is the object itself, as it is in all that each connection has: another object for each lock would
/// be held for as long as the connection idles.
/// </summary>
internal sealed partial class EngineIoConnection : DeadlineEntry
{
    private readonly EngineIoServer _server;
    private readonly EngineIoSession _session;
    private readonly bool _textOnly;
    private IEngineIoHandler _handler = null!;
    private PollRequest? _waitingPoll;
    private PipeReader? _post;
    private WebSocketTransport? _current;
    private WebSocketTransport? _candidate;
    private TimeSpan _scheduled = TimeSpan.MaxValue;

    public EngineIoConnection(EngineIoServer server, string sid, EngineIoTransport transport, bool textOnly, AddressKey address)
    {
        _server = server;
        _textOnly = textOnly;
        Sid = sid;
        Address = address;
        var open = EngineIoHandshake.Open(sid, transport == EngineIoTransport.Polling && server.Settings.AllowUpgrade, server.Settings);
        _session = new EngineIoSession(server.Settings, transport, open, server.Now);
    }

    /// <summary>The session's secret id.</summary>
    public string Sid { get; }

    /// <summary>Whose limits this connection counts against.</summary>
    public AddressKey Address { get; }

    public EngineIoCloseReason CloseReason { get; private set; }

    public EngineIoTransport Transport => _session.Transport;

    public bool IsOpen => _session.IsOpen;

    public int QueuedBytes => _session.QueuedBytes;

    /// <summary>Gives the connection what uses it, before anything is received.</summary>
    public void Start(IEngineIoHandler handler)
    {
        _handler = handler;
        Reschedule();
    }

    /// <summary>Sends packets, from any thread, without blocking. False: they were dropped.</summary>
    public bool Send(ReadOnlySpan<EngineIoFrame> frames, bool @volatile = false)
    {
        if (_textOnly)
        {
            frames = ToText(frames);
        }

        var effects = new Effects(this);
        bool sent;
        lock (this)
        {
            sent = _session.Send(frames, @volatile, _server.Now, ref effects);
        }

        effects.CarryOut(fromHandler: true);
        if (sent)
        {
            _server.Metrics.Sent(frames.Length);
        }

        return sent;
    }

    /// <summary>Closes the session from the server's side, after what is queued has been sent.</summary>
    public void Close(EngineIoCloseReason reason)
    {
        var effects = new Effects(this);
        lock (this)
        {
            _session.CloseAfterFlush(reason, _server.Now, ref effects);
        }

        effects.CarryOut(fromHandler: true);
        Reschedule();
    }

    /// <summary>Closes the session at once, because of what the client did.</summary>
    public void Fail(EngineIoCloseReason reason)
    {
        var effects = new Effects(this);
        lock (this)
        {
            _session.Close(reason, _server.Now, ref effects);
        }

        effects.CarryOut(fromHandler: false);
    }

    internal override void OnDeadline(TimeSpan now)
    {
        var effects = new Effects(this);
        lock (this)
        {
            _scheduled = TimeSpan.MaxValue;
            _session.Tick(now, ref effects);
        }

        effects.CarryOut(fromHandler: true);
        if (!_session.IsClosed && now >= _handler.NextDeadline)
        {
            _handler.OnDeadline(now);
        }

        Reschedule();
        ForgetIfGone();
    }

    /// <summary>Sees to it that the wheel calls in time. Later deadlines than the one set are not moved: the call will find nothing due and set the next.</summary>
    public void Reschedule()
    {
        lock (this)
        {
            var own = _session.NextDeadline;
            var next = _session.IsClosed || own < _handler.NextDeadline ? own : _handler.NextDeadline;
            if (next < _scheduled || (_session.IsGone && _scheduled != TimeSpan.MaxValue))
            {
                _scheduled = next;
                _server.Wheel.Set(this, next);
            }
        }
    }

    private void ForgetIfGone()
    {
        bool gone;
        lock (this)
        {
            gone = _session.IsGone;
        }

        if (gone)
        {
            _server.Forget(this);
        }
    }

    private EngineIoFrame[] ToText(ReadOnlySpan<EngineIoFrame> frames)
    {
        Debug.Assert(_textOnly, "Only clients that asked for text get binary messages as base64.");
        var text = frames.ToArray();
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = text[i].IsBinary ? EngineIoPayload.ToText(text[i]) : text[i];
        }

        return text;
    }

    private void OnClosed(EngineIoCloseReason reason, bool fromHandler)
    {
        _server.OnClosed(this, reason);
        Reschedule();
        ForgetIfGone();
        if (fromHandler)
        {
            // Whoever sends or closes may be inside a handler of any socket; the handlers of this one's end must not run in there.
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Handler.OnClosed(state.Reason), (Handler: _handler, Reason: reason), preferLocal: false);
        }
        else
        {
            _handler.OnClosed(reason);
        }
    }

    /// <summary>Notes what the session wants while the lock is held, and does it afterwards.</summary>
    private ref struct Effects(EngineIoConnection connection) : IEngineIoSink
    {
        private EngineIoFrame _frame;
        private WebSocketTransport? _write;
        private WebSocketTransport? _close;
        private WebSocketTransport? _closeCandidate;
        private PipeReader? _cancelPost;
        private EngineIoCloseReason _reason;
        private bool _abort;
        private bool _closed;

        public readonly void AnswerPoll(scoped ReadOnlySpan<EngineIoFrame> frames)
        {
            // The waiting GET goes on in a thread of its own, so this can be done at once.
            connection._waitingPoll!.SetAnswer(frames.ToArray());
            connection._waitingPoll = null;
        }

        public readonly void RefusePoll()
        {
            connection._waitingPoll!.Refuse();
            connection._waitingPoll = null;
        }

        public void WriteWebSocket(in EngineIoFrame frame)
        {
            _frame = frame;
            _write = connection._current;
        }

        public void CloseWebSocket(EngineIoCloseReason reason, bool abort)
        {
            _close = connection._current;
            _abort = abort;
        }

        public void CloseCandidate(bool overdue)
        {
            if (overdue)
            {
                connection._server.Metrics.LimitHit(SocketIoLimit.UpgradeTime);
            }

            _closeCandidate = connection._candidate;
            connection._candidate = null;
        }

        public void Closed(EngineIoCloseReason reason)
        {
            _closed = true;
            _reason = reason;
            _cancelPost = connection._post;
            connection.CloseReason = reason;
        }

        public readonly void CarryOut(bool fromHandler)
        {
            if (_write is not null)
            {
                _write.Write(_frame);
            }

            if (!_closed && _closeCandidate is null)
            {
                return;
            }

            _closeCandidate?.Close(EngineIoCloseReason.TransportError, abort: false);
            if (_closed)
            {
                _close?.Close(_reason, _abort);
                _cancelPost?.CancelPendingRead();
                connection.OnClosed(_reason, fromHandler);
            }
        }
    }
}
