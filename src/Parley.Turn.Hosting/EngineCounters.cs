namespace Parley.Turn.Hosting;

/// <summary>What an engine counts besides its shard. Written by the engine's thread, read by anyone.</summary>
internal sealed class EngineCounters
{
    /// <summary>Datagrams dropped because a socket's or an interface's queue was full.</summary>
    public long SendBufferFull;

    /// <summary>Datagrams that the system refused to send: too large for the path, no route, firewall.</summary>
    public long SendRefused;

    /// <summary>Joined sends (UDP_SEGMENT) that the kernel refused and that went out one by one.</summary>
    public long JoinsRefused;

    /// <summary>Datagrams for another shard's allocation that its thread was too busy to take.</summary>
    public long HandOverFull;

    /// <summary>Media frames for clients on TCP and TLS that waited too long, or had no room to wait.</summary>
    public long StreamDropped;

    /// <summary>Rounds that ended in an exception: our own mistakes. The round's remaining work is lost, the engine goes on.</summary>
    public long Faults;
}
