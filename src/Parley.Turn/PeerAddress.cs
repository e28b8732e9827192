using Parley.Stun;

namespace Parley.Turn;

/// <summary>The address of a peer, as the server sees it: where relayed data goes to and comes from.</summary>
/// <param name="Value">IP address and port.</param>
public readonly record struct PeerAddress(TransportAddress Value)
{
    /// <summary>The family of the IP address.</summary>
    public AddressFamily Family => Value.Family;

    /// <summary>For logs at debug level and tests. Allocates.</summary>
    public override string ToString() => Value.ToString();
}
