namespace Parley.SocketIo.EngineIo;

/// <summary>
/// Takes what an <see cref="EngineIoSession"/> wants done. It is called in the middle of the session's work, so it must not block, throw or call the
/// session; it does or notes what it is told.
/// </summary>
public interface IEngineIoSink
{
    /// <summary>Answer the waiting GET with status 200 and these packets. There is at least one; the span is valid during the call only.</summary>
    void AnswerPoll(scoped ReadOnlySpan<EngineIoFrame> frames);

    /// <summary>Answer the waiting GET with status 400: its session has moved to a WebSocket.</summary>
    void RefusePoll();

    /// <summary>Start to write this to the session's WebSocket, and call <see cref="EngineIoSession.WebSocketWritten"/> when done.</summary>
    void WriteWebSocket(in EngineIoFrame frame);

    /// <summary>
    /// Close the session's WebSocket for this reason. With <paramref name="abort"/> a write is stuck: cut the connection, a close frame would not get out.
    /// </summary>
    void CloseWebSocket(EngineIoCloseReason reason, bool abort);

    /// <summary>Close the WebSocket that was to become the session's transport. The session goes on without it, or has ended.</summary>
    /// <param name="overdue">It did not finish within <see cref="EngineIoSettings.UpgradeTimeout"/>.</param>
    void CloseCandidate(bool overdue);

    /// <summary>The session has ended. Comes once.</summary>
    void Closed(EngineIoCloseReason reason);
}
