using System.Net;

namespace Parley.Stun;

/// <summary>
/// An IP address and a port. A protocol gives its addresses roles (client, peer, relayed), each with a type of its own
/// around this one, so that they cannot be mixed up.
/// </summary>
public readonly struct TransportAddress(NetworkAddress address, ushort port) : IEquatable<TransportAddress>
{
    /// <summary>The IP address.</summary>
    public NetworkAddress Address { get; } = address;

    /// <summary>The port, 0 to 65535.</summary>
    public ushort Port { get; } = port;

    /// <summary>The family of <see cref="Address"/>.</summary>
    public AddressFamily Family => Address.Family;

    /// <summary>Parses <c>192.0.2.1:3478</c> or <c>[2001:db8::1]:3478</c>.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static TransportAddress Parse(ReadOnlySpan<char> text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], System.Globalization.NumberStyles.None, null, out var port))
        {
            throw new FormatException($"\"{text}\" is not an address and a port.");
        }

        var host = text[..colon];
        return new(NetworkAddress.Parse(host[0] == '[' && host[^1] == ']' ? host[1..^1] : host), port);
    }

    /// <summary>The same address for APIs of the edge. Allocates.</summary>
    public IPEndPoint ToIPEndPoint() => new(Address.ToIPAddress(), Port);

    /// <inheritdoc/>
    public bool Equals(TransportAddress other) => Port == other.Port && Address.Equals(other.Address);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address.High, Address.Low, Port);

    /// <summary>The usual text form. Allocates; for logs at debug level and tests.</summary>
    public override string ToString() => Family == AddressFamily.IPv6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";

    /// <summary>Same address and same port.</summary>
    public static bool operator ==(TransportAddress left, TransportAddress right) => left.Equals(right);

    /// <summary>Another address or another port.</summary>
    public static bool operator !=(TransportAddress left, TransportAddress right) => !left.Equals(right);
}
