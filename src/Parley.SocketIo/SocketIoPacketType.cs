namespace Parley.SocketIo;

/// <summary>The types of Socket.IO v5 packets; the value is the digit that stands first in the packet's text.</summary>
public enum SocketIoPacketType : byte
{
    /// <summary>A client joins a namespace, and the server's yes to it.</summary>
    Connect = (byte)'0',

    /// <summary>Either side leaves a namespace.</summary>
    Disconnect = (byte)'1',

    /// <summary>An event: a name and arguments.</summary>
    Event = (byte)'2',

    /// <summary>The answer to an event that asked for one.</summary>
    Ack = (byte)'3',

    /// <summary>The server's no to a client that wanted to join a namespace.</summary>
    ConnectError = (byte)'4',

    /// <summary>An event with binary attachments.</summary>
    BinaryEvent = (byte)'5',

    /// <summary>An answer with binary attachments.</summary>
    BinaryAck = (byte)'6',
}
