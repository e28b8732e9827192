namespace Parley.Turn.Hosting.Linux;

/// <summary>Datagrams that did not leave. Written by the shard's thread, read by anyone.</summary>
internal sealed class SendCounters
{
    /// <summary>The socket's or the interface's queue was full.</summary>
    public long BufferFull;

    /// <summary>The kernel refused the datagram: too large for the path, no route, firewall.</summary>
    public long Refused;

    /// <summary>Joined sends that the kernel refused and that went out one by one.</summary>
    public long JoinsRefused;
}
