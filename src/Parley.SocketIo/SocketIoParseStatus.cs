namespace Parley.SocketIo;

/// <summary>What the parser found, in the order it looks. Everything but <see cref="Ok"/> closes the connection.</summary>
public enum SocketIoParseStatus
{
    /// <summary>A packet.</summary>
    Ok,

    /// <summary>No type, or none that a client may send.</summary>
    UnknownType,

    /// <summary>A binary packet without a count of attachments, or with none, or with more than allowed.</summary>
    BadAttachmentCount,

    /// <summary>A namespace that is too long or has control characters.</summary>
    BadNamespace,

    /// <summary>An ack without a number, or a number too large.</summary>
    BadAckId,

    /// <summary>JSON that is broken, or of the wrong shape for the packet.</summary>
    BadPayload,

    /// <summary>JSON that nests deeper than allowed.</summary>
    TooDeep,

    /// <summary>An event without a name, or with a name that the protocol keeps for itself.</summary>
    BadEventName,

    /// <summary>A placeholder for an attachment that there is not.</summary>
    BadPlaceholder,
}
