namespace Parley.SocketIo;

/// <summary>What a received message is.</summary>
public enum SocketIoInput
{
    /// <summary>A violation of the protocol: the connection is to be closed.</summary>
    Invalid,

    /// <summary>A packet and its attachments have more bytes than <see cref="SocketIoSettings.MaxPayloadBytes"/>: the connection is to be closed.</summary>
    TooLarge,

    /// <summary>Nothing to do: the client did not know yet that the server had taken it out of the namespace, or asks again while it is being answered.</summary>
    Ignored,

    /// <summary>The client wants into a namespace; answer with Accept or Refuse.</summary>
    Connect,

    /// <summary>The client wants into one namespace too many: tell it so. Its state has not changed.</summary>
    TooManyNamespaces,

    /// <summary>The client has left a namespace.</summary>
    Disconnect,

    /// <summary>An event.</summary>
    Event,

    /// <summary>The answer to an event.</summary>
    Ack,

    /// <summary>The packet is complete when its attachments have come.</summary>
    AttachmentsDue,
}

/// <summary>A packet that came with attachments.</summary>
/// <param name="Text">The packet's text.</param>
/// <param name="Attachments">What its placeholders mean, by number.</param>
public readonly record struct SocketIoBinaryMessage(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte>[] Attachments);
