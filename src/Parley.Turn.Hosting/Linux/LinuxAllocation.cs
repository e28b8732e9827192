namespace Parley.Turn.Hosting.Linux;

/// <summary>What the engine keeps for one allocation: its relay sockets, and the way to its client.</summary>
internal sealed class LinuxAllocation(AllocationId id)
{
    public AllocationId Id { get; } = id;

    public LinuxRelaySocket? IPv4 { get; set; }

    public LinuxRelaySocket? IPv6 { get; set; }

    /// <summary>The way to the client, if it is on UDP; known once something was sent there.</summary>
    public Destination? Client { get; set; }

    public LinuxRelaySocket? this[Stun.AddressFamily family]
    {
        get => family == Stun.AddressFamily.IPv6 ? IPv6 : IPv4;
        set
        {
            if (family == Stun.AddressFamily.IPv6)
            {
                IPv6 = value;
            }
            else
            {
                IPv4 = value;
            }
        }
    }
}
