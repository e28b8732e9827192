namespace Parley.SocketIo.EngineIo;

public sealed partial class EngineIoSession
{
    private bool _writing;
    private int _writingCost;
    private TimeSpan _writeDue = Never;
    private bool _candidate;
    private bool _probed;
    private TimeSpan _upgradeDue = Never;

    /// <summary>The session was opened on a WebSocket that is now ready to be written to.</summary>
    public void WebSocketOpened<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct => Flush(now, ref sink);

    /// <summary>The write that <see cref="IEngineIoSink.WriteWebSocket"/> asked for is done; the next may be asked for.</summary>
    public void WebSocketWritten<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        _writing = false;
        _writeDue = Never;
        if (_phase != Phase.Closed)
        {
            _outbox.Charge(-_writingCost);
            FlushToWebSocket(now, ref sink);
        }
    }

    /// <summary>The session's WebSocket is no more: closed by the client, or broken.</summary>
    public void WebSocketClosed<TSink>(bool byClient, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct =>
        Close(byClient ? EngineIoCloseReason.TransportClose : EngineIoCloseReason.TransportError, now, ref sink);

    /// <summary>A WebSocket with this session's id has come. False: close it; the session has a WebSocket already, or one that tries, or has ended.</summary>
    public bool CandidateOpened(TimeSpan now)
    {
        if (_phase != Phase.Open || Transport != EngineIoTransport.Polling || _candidate || !_settings.AllowUpgrade)
        {
            return false;
        }

        _candidate = true;
        _probed = false;
        _upgradeDue = now + _settings.UpgradeTimeout;
        return true;
    }

    /// <summary>The WebSocket that tries to take over has sent a text.</summary>
    /// <returns>What to do with that WebSocket. On <see cref="EngineIoUpgrade.Close"/> the session goes on as if it had never come.</returns>
    public EngineIoUpgrade CandidateReceived<TSink>(ReadOnlySpan<byte> text, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (!_candidate || _phase != Phase.Open)
        {
            return EngineIoUpgrade.Close;
        }

        if (!_probed && text.SequenceEqual("2probe"u8))
        {
            _probed = true;
            if (_pollWaiting)
            {
                // The client waits for its GET to end before it goes on.
                _pollWaiting = false;
                sink.AnswerPoll([EngineIoFrame.Noop]);
            }

            return EngineIoUpgrade.AnswerProbe;
        }

        if (_probed && text.SequenceEqual("5"u8))
        {
            DropCandidate();
            Transport = EngineIoTransport.WebSocket;
            if (_pollWaiting)
            {
                _pollWaiting = false;
                sink.RefusePoll();
            }

            return EngineIoUpgrade.Done;
        }

        DropCandidate();
        return EngineIoUpgrade.Close;
    }

    /// <summary>The WebSocket that tried to take over is no more. The session goes on without it.</summary>
    public void CandidateClosed() => DropCandidate();

    /// <summary>What the WebSocket that tries to take over is told with.</summary>
    public static EngineIoFrame ProbeAnswer => EngineIoFrame.ProbePong;

    private void DropCandidate()
    {
        _candidate = false;
        _probed = false;
        _upgradeDue = Never;
        if (_pollHeldUntil != Never)
        {
            // A GET held back for the upgrade is an ordinary one again.
            _pollHeldUntil = Never;
        }
    }

    private void FlushToWebSocket<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_writing)
        {
            return;
        }

        if (_outbox.TryTake(out var frame))
        {
            Write(frame, now, ref sink);
        }
        else if (_phase == Phase.Closing)
        {
            Close(_closeReason, now, ref sink);
        }
    }

    private void Write<TSink>(in EngineIoFrame frame, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        _writing = true;
        _writingCost = EngineIoOutbox.Cost(frame);
        _writeDue = now + _settings.PingInterval + _settings.PingTimeout;
        sink.WriteWebSocket(frame);
    }
}

/// <summary>What becomes of a WebSocket that tries to take over a polling session.</summary>
public enum EngineIoUpgrade
{
    /// <summary>Close it; the session stays on polling.</summary>
    Close,

    /// <summary>Write <see cref="EngineIoSession.ProbeAnswer"/> to it, and read on.</summary>
    AnswerProbe,

    /// <summary>It is the session's transport now: make it so, then call <see cref="EngineIoSession.WebSocketOpened"/>.</summary>
    Done,
}
