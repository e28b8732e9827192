namespace Parley.SocketIo.EngineIo;

public sealed partial class EngineIoSession
{
    // While a WebSocket is probed a GET with nothing to fetch waits this long for the upgrade packet that may be on its way.
    private static readonly TimeSpan UpgradeHold = TimeSpan.FromMilliseconds(50);

    private bool _pollWaiting;
    private bool _posting;
    private TimeSpan _pollHeldUntil = Never;

    /// <summary>
    /// A GET has come. True: it is now the waiting one, and may have been answered already. False: refuse it with status 400; if another GET was waiting,
    /// that one has been answered and the session has ended, because only one may wait.
    /// </summary>
    public bool PollStarted<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        Beat(now, ref sink);
        if (_phase == Phase.Closed)
        {
            return AnswerAfterTheEnd(now, ref sink);
        }

        if (Transport != EngineIoTransport.Polling)
        {
            return false;
        }

        if (_pollWaiting)
        {
            Close(EngineIoCloseReason.TransportError, now, ref sink);
            return false;
        }

        _pollWaiting = true;
        FlushToPoll(now, ref sink);
        if (_pollWaiting && _probed)
        {
            _pollHeldUntil = now + UpgradeHold;
        }

        return true;
    }

    /// <summary>The client went away from its waiting GET, or from the answer to it.</summary>
    public void PollAborted<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        _pollWaiting = false;
        Close(EngineIoCloseReason.TransportError, now, ref sink);
    }

    /// <summary>A POST has come. False: refuse it with status 400; if another POST was under way, the session has ended, because only one may be.</summary>
    public bool PostStarted<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        Beat(now, ref sink);
        if (_phase == Phase.Closed || Transport != EngineIoTransport.Polling)
        {
            return false;
        }

        if (_posting)
        {
            Close(EngineIoCloseReason.TransportError, now, ref sink);
            return false;
        }

        _posting = true;
        return true;
    }

    /// <summary>The POST has been answered, or its client has gone.</summary>
    public void PostEnded() => _posting = false;

    private bool AnswerAfterTheEnd<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_closeDue == Never || now >= _closeDue)
        {
            return false;
        }

        _closeDue = Never;
        sink.AnswerPoll([_closeReason == EngineIoCloseReason.TransportClose ? EngineIoFrame.Noop : EngineIoFrame.Close]);
        return true;
    }

    private void FlushToPoll<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (!_pollWaiting)
        {
            return;
        }

        if (_phase == Phase.Closing)
        {
            _outbox.Add(EngineIoFrame.Close);
        }

        if (_outbox.IsEmpty)
        {
            return;
        }

        _pollWaiting = false;
        _pollHeldUntil = Never;
        sink.AnswerPoll(_outbox.Frames);
        _outbox.Clear();
        if (_phase == Phase.Closing)
        {
            Close(_closeReason, now, ref sink);
        }
    }
}
