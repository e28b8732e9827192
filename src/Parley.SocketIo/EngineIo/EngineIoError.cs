namespace Parley.SocketIo.EngineIo;

/// <summary>Why an HTTP request was refused; the value is the code in the answer's body.</summary>
public enum EngineIoError
{
    /// <summary>The transport is missing, unknown or not enabled.</summary>
    TransportUnknown = 0,

    /// <summary>No session has this id: it ended, or lives on another node.</summary>
    SessionIdUnknown = 1,

    /// <summary>A session is opened with GET.</summary>
    BadHandshakeMethod = 2,

    /// <summary>The request does not fit the session, or the Origin header is broken.</summary>
    BadRequest = 3,

    /// <summary>The server does not want this client.</summary>
    Forbidden = 4,

    /// <summary>The client speaks another version of Engine.IO than 4.</summary>
    UnsupportedProtocolVersion = 5,
}

/// <summary>The words that go with <see cref="EngineIoError"/>.</summary>
public static class EngineIoErrorText
{
    /// <summary>The message that clients know this error by.</summary>
    public static string Message(this EngineIoError error) => error switch
    {
        EngineIoError.TransportUnknown => "Transport unknown",
        EngineIoError.SessionIdUnknown => "Session ID unknown",
        EngineIoError.BadHandshakeMethod => "Bad handshake method",
        EngineIoError.BadRequest => "Bad request",
        EngineIoError.Forbidden => "Forbidden",
        EngineIoError.UnsupportedProtocolVersion => "Unsupported protocol version",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
