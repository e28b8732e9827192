namespace Parley.SocketIo.EngineIo;

/// <summary>How a session's packets travel.</summary>
public enum EngineIoTransport : byte
{
    /// <summary>HTTP long-polling: GET to receive, POST to send.</summary>
    Polling,

    /// <summary>A WebSocket.</summary>
    WebSocket,
}
