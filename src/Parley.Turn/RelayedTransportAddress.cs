using Parley.Stun;

namespace Parley.Turn;

/// <summary>The address at the server that peers send to: the one told to the client, which behind a 1:1 NAT is not the one that the socket is bound to.</summary>
/// <param name="Value">IP address and port.</param>
public readonly record struct RelayedTransportAddress(TransportAddress Value)
{
    /// <summary>The family of the IP address.</summary>
    public AddressFamily Family => Value.Family;

    /// <summary>How another allocation of this server sees it: as a peer.</summary>
    public PeerAddress AsPeer() => new(Value);

    /// <summary>For logs at debug level and tests. Allocates.</summary>
    public override string ToString() => Value.ToString();
}
