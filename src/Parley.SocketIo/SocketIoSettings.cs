namespace Parley.SocketIo;

/// <summary>What the Socket.IO side of a connection needs to know. One instance serves all connections of a server.</summary>
public sealed record SocketIoSettings
{
    /// <summary>Time a client has, after opening a connection, to join a namespace. Defaults to 45 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Time in which all attachments of a packet must come. Defaults to 10 s.</summary>
    public TimeSpan AttachmentTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most attachments of a packet. Defaults to 10, as in the reference implementation.</summary>
    public int MaxAttachments { get; init; } = 10;

    /// <summary>Most bytes of a packet and its attachments together. Defaults to 1,000,000.</summary>
    public int MaxPayloadBytes { get; init; } = 1_000_000;

    /// <summary>Most namespaces a client is in at one time. Defaults to 10.</summary>
    public int MaxNamespaces { get; init; } = 10;

    /// <summary>Deepest nesting of received JSON, from 1 to 64. Defaults to 64.</summary>
    public int MaxDepth { get; init; } = Json.JsonScanner.DeepestNesting;
}
