namespace Parley.SocketIo.EngineIo;

/// <summary>What a session needs to know. One instance serves all sessions of a server.</summary>
public sealed record EngineIoSettings
{
    /// <summary>Time from one pong (or the opening) to the next ping. Defaults to 25 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Time the client has for its pong. Defaults to 20 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time a WebSocket has to complete an upgrade. Defaults to 10 s.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time a closing WebSocket has to take what is queued, and then to finish the closing handshake. Defaults to 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes in one message, and in one POST. Told to the client in the handshake. Defaults to 1,000,000.</summary>
    public int MaxPayloadBytes { get; init; } = 1_000_000;

    /// <summary>Most bytes that may wait for a client to take them; one more closes the session. Defaults to 2 MiB.</summary>
    public int MaxQueuedBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Packets a client may send per second, over time. Zero is no limit. Defaults to 500.</summary>
    public int MessagesPerSecond { get; init; } = 500;

    /// <summary>Packets a client may send at once, on top of nothing sent before. Defaults to 1,000.</summary>
    public int MessageBurst { get; init; } = 1000;

    /// <summary>Whether a polling session may move to a WebSocket. Defaults to true.</summary>
    public bool AllowUpgrade { get; init; } = true;
}
