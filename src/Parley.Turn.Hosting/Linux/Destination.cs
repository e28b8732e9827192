namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// Where datagrams go: a socket and an address. Holds the list of what this round sends there, so that a burst leaves in one
/// system call whatever order it came in.
/// </summary>
internal class Destination(int socket, SockAddr address)
{
    /// <summary>The descriptor that sends.</summary>
    public int Socket { get; protected set; } = socket;

    /// <summary>The address to send to.</summary>
    public SockAddr Address { get; protected set; } = address;

    /// <summary>True while <see cref="Socket"/> is connected to the address, so that naming it would only cost time.</summary>
    public bool IsConnected { get; protected set; }

    /// <summary>
    /// Datagrams of this size and above are not joined: a joined send of that size was refused on this path (its MTU is smaller).
    /// </summary>
    public int JoinBelow { get; set; } = int.MaxValue;

    /// <summary>First and last datagram of this round in <see cref="SendQueue"/>; -1 is none.</summary>
    public int First { get; set; } = -1;

    /// <summary>See <see cref="First"/>.</summary>
    public int Last { get; set; } = -1;
}
