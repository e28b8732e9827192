using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// What tells one client from another and finds its allocation. RFC 8656 section 6.
/// <paramref name="server"/> is the address that the client sent to, as the host's kernel sees it; replies leave from there.
/// </summary>
public readonly struct FiveTuple(TransportProtocol protocol, TransportAddress client, TransportAddress server) : IEquatable<FiveTuple>
{
    /// <summary>UDP, TCP or TLS.</summary>
    public TransportProtocol Protocol { get; } = protocol;

    /// <summary>The client's address as the server sees it: its server-reflexive address behind a NAT.</summary>
    public TransportAddress Client { get; } = client;

    /// <summary>The server's address and port.</summary>
    public TransportAddress Server { get; } = server;

    /// <inheritdoc/>
    public bool Equals(FiveTuple other) => Client.Equals(other.Client) && Server.Equals(other.Server) && Protocol == other.Protocol;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FiveTuple other && Equals(other);

    // The server's side differs little between clients, so it is left to Equals. HashCode is seeded per process, so nobody can choose colliding ports.
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Client.Address.High, Client.Address.Low, Client.Port);

    /// <summary>For logs at debug level and tests. Allocates.</summary>
    public override string ToString() => $"{Protocol} {Client} -> {Server}";

    /// <summary>All five parts equal.</summary>
    public static bool operator ==(FiveTuple left, FiveTuple right) => left.Equals(right);

    /// <summary>Some part differs.</summary>
    public static bool operator !=(FiveTuple left, FiveTuple right) => !left.Equals(right);
}
