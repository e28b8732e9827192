using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Parley.Turn.Hosting;

/// <summary>What this host's addresses are, and which of them reach out.</summary>
internal static class HostAddresses
{
    /// <summary>
    /// Every address that clients can reach: of all interfaces that are up, loopback included, IPv4 first. Link-local IPv6 is left
    /// out, because it means nothing without naming an interface.
    /// </summary>
    public static IReadOnlyList<IPAddress> All() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast)
            .Distinct()
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .ThenBy(IPAddress.IsLoopback),
    ];

    /// <summary>
    /// The address that this host would use towards the rest of the world, or null when it has no route there. Asks the routing
    /// table; sends nothing.
    /// </summary>
    public static IPAddress? Outgoing(AddressFamily family)
    {
        // Any address far away does: connecting a UDP socket only chooses the route. These are reserved for documentation.
        var farAway = family == AddressFamily.InterNetworkV6 ? IPAddress.Parse("2001:db8::1") : IPAddress.Parse("203.0.113.1");
        try
        {
            using var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(farAway, 9);
            return (socket.LocalEndPoint as IPEndPoint)?.Address is { } address && !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address) ? address : null;
        }
        catch (SocketException)
        {
            return null; // no route for this family, or the family is switched off
        }
    }

    /// <summary>Whether an address means something within one network only, or on one host.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return IPAddress.IsLoopback(address) || (bytes.Length == 4
            ? bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64)
            : address.IsIPv6UniqueLocal);
    }

    /// <summary>
    /// The address of each family that relay sockets bind to unless told otherwise: the outgoing one, else any that is not loopback,
    /// else loopback, so that a host without a network still serves calls on itself.
    /// </summary>
    public static IReadOnlyList<IPAddress> Relays(IReadOnlyList<IPAddress> all) => Choose(all, Outgoing);

    /// <summary>As <see cref="Relays"/>, with another routing table.</summary>
    public static IReadOnlyList<IPAddress> Choose(IReadOnlyList<IPAddress> all, Func<AddressFamily, IPAddress?> outgoing)
    {
        var relays = new List<IPAddress>();
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var own = all.Where(address => address.AddressFamily == family).ToList();
            if ((outgoing(family) ?? own.FirstOrDefault(address => !IPAddress.IsLoopback(address)) ?? own.FirstOrDefault()) is { } relay)
            {
                relays.Add(relay);
            }
        }

        // A host that is online in one family only must not offer relays on the other's loopback.
        return relays.Exists(address => !IPAddress.IsLoopback(address)) ? [.. relays.Where(address => !IPAddress.IsLoopback(address))] : relays;
    }
}
