using Parley.Stun;

namespace Parley.Turn.Hosting;

/// <summary>A bound UDP socket on a port of the relay range. Belongs to one allocation, or to nobody while it is reserved.</summary>
internal abstract class RelaySocket(AddressFamily family, int port)
{
    public AddressFamily Family { get; } = family;

    public int Port { get; } = port;

    /// <summary>Whose socket it is.</summary>
    public AllocationId Allocation { get; set; }

    /// <summary>Closes the socket, and whatever stands beside it on the same port.</summary>
    public abstract void Close();
}
