namespace Parley.SocketIo.EngineIo;

/// <summary>Why an Engine.IO session ended. The first reason wins.</summary>
public enum EngineIoCloseReason : byte
{
    /// <summary>The client closed the session or its WebSocket.</summary>
    TransportClose,

    /// <summary>The connection broke, or the client used the transport in a way it must not (two GETs at once, a ping of its own).</summary>
    TransportError,

    /// <summary>No pong came in time.</summary>
    PingTimeout,

    /// <summary>The client sent something that is no packet.</summary>
    ParseError,

    /// <summary>The server closed this session.</summary>
    ForcedClose,

    /// <summary>The server closed this session, because the layer above waited for something in vain.</summary>
    ForcedServerClose,

    /// <summary>The server is shutting down.</summary>
    ServerShuttingDown,

    /// <summary>The client sent more bytes in one message or POST than <see cref="EngineIoSettings.MaxPayloadBytes"/>.</summary>
    MessageTooLarge,

    /// <summary>The client sent packets faster than <see cref="EngineIoSettings.MessagesPerSecond"/>.</summary>
    RateLimited,

    /// <summary>The client takes its packets too slowly: <see cref="EngineIoSettings.MaxQueuedBytes"/> were waiting for it, or one write did not end.</summary>
    SlowConsumer,
}
