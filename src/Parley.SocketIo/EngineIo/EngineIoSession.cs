namespace Parley.SocketIo.EngineIo;

/// <summary>
/// The server's side of one Engine.IO v4 session as a state machine: which transport it uses, what waits to be sent, the heartbeat, the upgrade and
/// the end. Bytes and time go in, orders to a sink come out. One caller at a time. Time is monotonic, counted from any fixed start, and an expired
/// deadline counts as passed when the session is next called, even if <see cref="Tick"/> is late.
/// </summary>
/// <remarks>https://socket.io/docs/v4/engine-io-protocol</remarks>
public sealed partial class EngineIoSession
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    // A client's close and its last GET may overtake each other; the GET is answered as if it had come first.
    private static readonly TimeSpan ClientCloseTombstone = TimeSpan.FromSeconds(1);

    // How long a polling client has to fetch the news that the server closed its session.
    private static readonly TimeSpan ServerCloseTombstone = TimeSpan.FromSeconds(30);

    private readonly EngineIoSettings _settings;
    private EngineIoOutbox _outbox;
    private TokenBucket _received;
    private Phase _phase;
    private EngineIoCloseReason _closeReason;
    private TimeSpan _closeDue = Never;

    /// <summary>A session that has just been opened.</summary>
    /// <param name="settings">The server's settings.</param>
    /// <param name="transport">What the handshake came by.</param>
    /// <param name="open">The handshake packet, the first thing to send.</param>
    /// <param name="now">Monotonic time.</param>
    public EngineIoSession(EngineIoSettings settings, EngineIoTransport transport, in EngineIoFrame open, TimeSpan now)
    {
        _settings = settings;
        _received = new TokenBucket(settings.MessageBurst, now);
        Transport = transport;
        _heartbeatDue = now + settings.PingInterval;
        _outbox.Add(open);
    }

    private enum Phase : byte
    {
        Open,

        /// <summary>The server wants to close; what is queued goes out first.</summary>
        Closing,

        Closed,
    }

    /// <summary>How packets to the client travel now.</summary>
    public EngineIoTransport Transport { get; private set; }

    /// <summary>Whether the session has ended, though a last GET may still be due an answer.</summary>
    public bool IsClosed => _phase == Phase.Closed;

    /// <summary>Whether messages can be sent.</summary>
    public bool IsOpen => _phase == Phase.Open;

    /// <summary>Bytes that wait for the client to take them.</summary>
    public int QueuedBytes => _outbox.QueuedBytes;

    /// <summary>When <see cref="Tick"/> has something to do; <see cref="TimeSpan.MaxValue"/> when never.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            if (_phase == Phase.Closed)
            {
                return _closeDue;
            }

            var next = Min(_heartbeatDue, Min(_upgradeDue, _closeDue));
            return Min(next, Min(_pollHeldUntil, _writeDue));
        }
    }

    /// <summary>Whether nothing is left to do: the session has ended, and no GET is owed an answer. Its id can be forgotten.</summary>
    public bool IsGone => _phase == Phase.Closed && _closeDue == Never;

    /// <summary>Sends packets one after the other with nothing between them.</summary>
    /// <param name="frames">The packets.</param>
    /// <param name="volatile">Drop them if the transport cannot take them at once.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="sink">What has to be done.</param>
    /// <returns>Whether they were taken. A queue that would grow past its limit closes the session.</returns>
    public bool Send<TSink>(ReadOnlySpan<EngineIoFrame> frames, bool @volatile, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_phase != Phase.Open || (@volatile && !CanTakeNow))
        {
            return false;
        }

        var cost = 0L;
        foreach (ref readonly var frame in frames)
        {
            cost += EngineIoOutbox.Cost(frame);
        }

        // A single message larger than the queue is no reason to close as long as it has the queue for itself.
        if (_outbox.QueuedBytes > 0 && _outbox.QueuedBytes + cost > _settings.MaxQueuedBytes)
        {
            Close(EngineIoCloseReason.SlowConsumer, now, ref sink);
            return false;
        }

        if (frames.Length == 1 && Transport == EngineIoTransport.WebSocket && CanTakeNow)
        {
            // The ordinary case, past the queue.
            _outbox.Charge((int)cost);
            Write(frames[0], now, ref sink);
            return true;
        }

        foreach (ref readonly var frame in frames)
        {
            _outbox.Add(frame);
        }

        Flush(now, ref sink);
        return true;
    }

    /// <summary>Ends the session from the server's side after what is queued has gone out, or after <see cref="EngineIoSettings.CloseTimeout"/>.</summary>
    public void CloseAfterFlush<TSink>(EngineIoCloseReason reason, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_phase != Phase.Open)
        {
            return;
        }

        _phase = Phase.Closing;
        _closeReason = reason;
        _closeDue = now + (Transport == EngineIoTransport.Polling ? ServerCloseTombstone : _settings.CloseTimeout);
        Flush(now, ref sink);
    }

    /// <summary>Ends the session now. Does nothing if it has ended before: the first reason wins.</summary>
    public void Close<TSink>(EngineIoCloseReason reason, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_phase == Phase.Closed)
        {
            return;
        }

        var wasClosing = _phase == Phase.Closing;
        if (wasClosing)
        {
            reason = _closeReason;
        }

        _phase = Phase.Closed;
        _closeReason = reason;
        _closeDue = Never;
        if (_pollWaiting)
        {
            _pollWaiting = false;
            sink.AnswerPoll([reason == EngineIoCloseReason.TransportClose ? EngineIoFrame.Noop : EngineIoFrame.Close]);
        }
        else if (Transport == EngineIoTransport.Polling && !wasClosing)
        {
            _closeDue = reason switch
            {
                EngineIoCloseReason.TransportClose => now + ClientCloseTombstone,
                EngineIoCloseReason.ForcedClose or EngineIoCloseReason.ForcedServerClose or EngineIoCloseReason.ServerShuttingDown => now + ServerCloseTombstone,
                _ => Never,
            };
        }

        if (_candidate)
        {
            DropCandidate();
            sink.CloseCandidate(overdue: false);
        }

        if (Transport == EngineIoTransport.WebSocket)
        {
            // A client that says goodbye takes what is still being written, and then gets ours; for all others a write under way counts as stuck.
            sink.CloseWebSocket(reason, abort: _writing && reason != EngineIoCloseReason.TransportClose);
        }

        _outbox.Clear();
        sink.Closed(reason);
    }

    /// <summary>Does what has become due.</summary>
    public void Tick<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_phase == Phase.Closed)
        {
            _closeDue = now >= _closeDue ? Never : _closeDue;
            return;
        }

        if (now >= _closeDue)
        {
            Close(_closeReason, now, ref sink);
            return;
        }

        if (now >= _writeDue)
        {
            Close(EngineIoCloseReason.SlowConsumer, now, ref sink);
            return;
        }

        if (_candidate && now >= _upgradeDue)
        {
            DropCandidate();
            sink.CloseCandidate(overdue: true);
        }

        if (_pollWaiting && now >= _pollHeldUntil)
        {
            _pollWaiting = false;
            _pollHeldUntil = Never;
            sink.AnswerPoll([EngineIoFrame.Noop]);
        }

        Beat(now, ref sink);
    }

    private bool CanTakeNow => Transport == EngineIoTransport.Polling ? _pollWaiting : !_writing && _outbox.IsEmpty;

    private void Flush<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (Transport == EngineIoTransport.Polling)
        {
            FlushToPoll(now, ref sink);
        }
        else
        {
            FlushToWebSocket(now, ref sink);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
