using System.Net;
using Parley.Stun;

namespace Parley.Turn.Fuzz;

/// <summary>
/// Asks the filter about any address, and an oracle that knows the dangerous ranges in another way: by the class library's own
/// predicates, and for every place in an IPv6 address where an IPv4 address is known to hide.
/// </summary>
internal static class PeerFilterTarget
{
    private static readonly PeerFilter Strict = new(new TurnSettings { HostAddresses = [NetworkAddress.Parse("46.46.46.46")] });
    private static readonly PeerFilter Lan = new(new TurnSettings { HostAddresses = [NetworkAddress.Parse("46.46.46.46")], AllowPrivatePeers = true });

    public static void Run(byte[] input)
    {
        var text = string.Concat(input.Select(b => (char)b));
        if (IpPrefix.TryParse(text, out var prefix))
        {
            Require.That(IpPrefix.TryParse(prefix.ToString(), out var again) && again == prefix, "A prefix does not read as it is written.");
        }

        if (!NetworkAddress.TryRead(input.AsSpan(0, input.Length >= 16 ? 16 : input.Length >= 4 ? 4 : 0), out var address))
        {
            return;
        }

        Require.That(NetworkAddress.TryParse(address.ToString(), out var parsed) && parsed == address, "An address does not read as it is written.");
        if (Strict.Allows(address))
        {
            Require.That(!IsDangerous(address.ToIPAddress()), $"{address} must not be reached.");
            Require.That(Lan.Allows(address), $"{address} is public, and yet denied where private peers are allowed.");
        }

        Require.That(!Lan.Allows(address) || !IsImpossible(address.ToIPAddress()), $"{address} can be nobody's.");
    }

    public static List<byte[]> Pieces() =>
    [
        [127, 0, 0, 1], [10, 0, 0, 1], [169, 254, 169, 254], [192, 168, 0, 1], [172, 16, 0, 1], [100, 64, 0, 1], [46, 46, 46, 46], [0, 0, 0, 0], [255, 255, 255, 255], [8, 8, 8, 8],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0x64, 0xFF, 0x9B, 0, 1], [0x20, 0x02], [0x20, 0x01, 0, 0], [0xFE, 0x80], [0xFC, 0], [0xFF, 2], [0x2A, 0], [0, 0, 0x5E, 0xFE],
        "10.0.0.0/8"u8.ToArray(), "2001:db8::/32"u8.ToArray(), "::ffff:"u8.ToArray(), "/"u8.ToArray(),
    ];

    private static bool IsDangerous(IPAddress address)
    {
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
        {
            var b = address.GetAddressBytes();
            return IPAddress.IsLoopback(address) || b is [46, 46, 46, 46] || b[0] is 0 or 10 or >= 224 || (b[0], b[1]) is (169, 254) or (192, 168) or (198, 18) or (198, 19) ||
                (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 100 && b[1] is >= 64 and < 128);
        }

        return address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Teredo ||
            address.IsIPv4MappedToIPv6 || IPAddress.IsLoopback(address) || IsImpossible(address) || EmbeddedIPv4(address).Any(IsDangerous);
    }

    private static bool IsImpossible(IPAddress address)
    {
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
        {
            return address.GetAddressBytes()[0] is 0 or >= 224;
        }

        return address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast || address.IsIPv6Teredo || address.IsIPv4MappedToIPv6 || address.GetAddressBytes() is [0x20, 0x02, ..];
    }

    // Only where the prefix says that there is one: other addresses may hold such bits by chance.
    private static IEnumerable<IPAddress> EmbeddedIPv4(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var last = new IPAddress(bytes[12..]);
        if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 || bytes.AsSpan(0, 12).SequenceEqual((byte[])[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) || bytes[8..12] is [0 or 2, 0, 0x5E, 0xFE])
        {
            yield return last;
        }

        if (bytes is [0x20, 0x02, ..])
        {
            yield return new IPAddress(bytes[2..6]);
        }
    }
}
