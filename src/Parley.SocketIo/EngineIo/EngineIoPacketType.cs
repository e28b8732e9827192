namespace Parley.SocketIo.EngineIo;

/// <summary>The types of Engine.IO v4 packets; the value is the digit that stands first in the packet's text.</summary>
public enum EngineIoPacketType : byte
{
    /// <summary>Server to client, first of a session: the handshake.</summary>
    Open = (byte)'0',

    /// <summary>Either side ends the session.</summary>
    Close = (byte)'1',

    /// <summary>The server asks whether the client is there. From a client only as <c>2probe</c>, on a WebSocket to upgrade to.</summary>
    Ping = (byte)'2',

    /// <summary>The client's answer to a ping.</summary>
    Pong = (byte)'3',

    /// <summary>Carries a text message.</summary>
    Message = (byte)'4',

    /// <summary>The client has paused polling: the WebSocket becomes the transport.</summary>
    Upgrade = (byte)'5',

    /// <summary>Nothing; answers a GET that has to end while there is nothing to say.</summary>
    Noop = (byte)'6',

    /// <summary>A binary message in base64, on polling and for clients that asked for text only. Not a digit: the letter stands in its place.</summary>
    Base64 = (byte)'b',
}
