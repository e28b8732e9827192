namespace Parley.SocketIo.WebSockets;

/// <summary>What a WebSocket frame is, RFC 6455 section 5.2.</summary>
public enum WebSocketOpcode : byte
{
    /// <summary>Goes on with the message that an earlier frame began.</summary>
    Continuation = 0,

    /// <summary>Begins a text message.</summary>
    Text = 1,

    /// <summary>Begins a binary message.</summary>
    Binary = 2,

    /// <summary>The sender closes.</summary>
    Close = 8,

    /// <summary>Asks for a pong with the same bytes.</summary>
    Ping = 9,

    /// <summary>Answers a ping.</summary>
    Pong = 10,
}
