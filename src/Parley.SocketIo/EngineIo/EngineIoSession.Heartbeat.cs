namespace Parley.SocketIo.EngineIo;

public sealed partial class EngineIoSession
{
    private TimeSpan _heartbeatDue;
    private bool _awaitingPong;
    private bool _readingPaused;

    /// <summary>
    /// Says that the server has stopped reading from the client (its handlers are behind), or reads again. Meanwhile no pong can be seen, so none is missed.
    /// </summary>
    public void SetReadingPaused(bool paused, TimeSpan now)
    {
        if (_readingPaused == paused)
        {
            return;
        }

        _readingPaused = paused;
        if (_awaitingPong)
        {
            _heartbeatDue = paused ? Never : now + _settings.PingTimeout;
        }
    }

    private void Beat<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_phase == Phase.Closed || now < _heartbeatDue)
        {
            return;
        }

        if (!_awaitingPong)
        {
            // The client's time begins when the ping goes out, however late that is. Where it cannot go out, because no GET waits for it, the client is
            // late itself, and its time began when the ping was due.
            var sent = Transport == EngineIoTransport.WebSocket || _pollWaiting ? now : _heartbeatDue;
            _awaitingPong = true;
            _heartbeatDue = _readingPaused ? Never : sent + _settings.PingTimeout;
            _outbox.Add(EngineIoFrame.Ping);
            Flush(now, ref sink);
        }

        if (now >= _heartbeatDue)
        {
            Close(EngineIoCloseReason.PingTimeout, now, ref sink);
        }
    }

    // Only a pong that was asked for moves the heartbeat on; a client cannot stretch it with pongs of its own accord.
    private void PongReceived(TimeSpan now)
    {
        if (_awaitingPong)
        {
            _awaitingPong = false;
            _heartbeatDue = now + _settings.PingInterval;
        }
    }
}
