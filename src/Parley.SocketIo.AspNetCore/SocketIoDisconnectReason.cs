using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Why a socket is no longer connected.</summary>
public enum SocketIoDisconnectReason
{
    /// <summary>The client closed the connection, or lost it in an orderly way.</summary>
    TransportClose,

    /// <summary>The connection broke, or the client misused the transport.</summary>
    TransportError,

    /// <summary>The client did not answer a ping in time.</summary>
    PingTimeout,

    /// <summary>The client sent something that is no valid packet.</summary>
    ParseError,

    /// <summary>The server closed the connection, and the client will try again: <see cref="SocketIoSocket.CloseTransport"/>.</summary>
    ForcedClose,

    /// <summary>The server closed the connection, because the client did not finish in time what it had begun.</summary>
    ForcedServerClose,

    /// <summary>The server is shutting down.</summary>
    ServerShuttingDown,

    /// <summary>The client left the namespace.</summary>
    ClientNamespaceDisconnect,

    /// <summary>The server took the client out of the namespace: <see cref="SocketIoSocket.Disconnect"/>. The client does not try again by itself.</summary>
    ServerNamespaceDisconnect,

    /// <summary>The client sent a message larger than <see cref="SocketIoOptions.MaxPayloadBytes"/>.</summary>
    MessageTooLarge,

    /// <summary>The client sent faster than <see cref="SocketIoOptions.MessagesPerSecond"/>.</summary>
    RateLimited,

    /// <summary>More than <see cref="SocketIoOptions.MaxQueuedBytes"/> waited for the client to take them.</summary>
    SlowConsumer,
}

/// <summary>The words for reasons, those of the reference implementation where it has them.</summary>
public static class SocketIoDisconnectReasonText
{
    /// <summary>Such as <c>transport close</c>.</summary>
    public static string ToText(this SocketIoDisconnectReason reason) => reason switch
    {
        SocketIoDisconnectReason.TransportClose => "transport close",
        SocketIoDisconnectReason.TransportError => "transport error",
        SocketIoDisconnectReason.PingTimeout => "ping timeout",
        SocketIoDisconnectReason.ParseError => "parse error",
        SocketIoDisconnectReason.ForcedClose => "forced close",
        SocketIoDisconnectReason.ForcedServerClose => "forced server close",
        SocketIoDisconnectReason.ServerShuttingDown => "server shutting down",
        SocketIoDisconnectReason.ClientNamespaceDisconnect => "client namespace disconnect",
        SocketIoDisconnectReason.ServerNamespaceDisconnect => "server namespace disconnect",
        SocketIoDisconnectReason.MessageTooLarge => "message too large",
        SocketIoDisconnectReason.RateLimited => "rate limited",
        SocketIoDisconnectReason.SlowConsumer => "slow consumer",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    internal static string ToText(this EngineIoCloseReason reason) => reason.ToDisconnectReason().ToText();

    internal static SocketIoDisconnectReason ToDisconnectReason(this EngineIoCloseReason reason) => reason switch
    {
        EngineIoCloseReason.TransportClose => SocketIoDisconnectReason.TransportClose,
        EngineIoCloseReason.TransportError => SocketIoDisconnectReason.TransportError,
        EngineIoCloseReason.PingTimeout => SocketIoDisconnectReason.PingTimeout,
        EngineIoCloseReason.ParseError => SocketIoDisconnectReason.ParseError,
        EngineIoCloseReason.ForcedClose => SocketIoDisconnectReason.ForcedClose,
        EngineIoCloseReason.ForcedServerClose => SocketIoDisconnectReason.ForcedServerClose,
        EngineIoCloseReason.ServerShuttingDown => SocketIoDisconnectReason.ServerShuttingDown,
        EngineIoCloseReason.MessageTooLarge => SocketIoDisconnectReason.MessageTooLarge,
        EngineIoCloseReason.RateLimited => SocketIoDisconnectReason.RateLimited,
        EngineIoCloseReason.SlowConsumer => SocketIoDisconnectReason.SlowConsumer,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
