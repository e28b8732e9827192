using Parley.Stun;

namespace Parley.Turn;

/// <summary>How far an address reaches.</summary>
internal enum AddressScope
{
    /// <summary>Globally reachable unicast.</summary>
    Public,

    /// <summary>Usable somewhere, but not on the Internet: private, shared, loopback, link-local, documentation, benchmarking, not yet assigned.</summary>
    Private,

    /// <summary>No peer can have it: unspecified, multicast, broadcast, reserved, another form of an IPv4 address, or the end of a tunnel.</summary>
    Never,
}

/// <summary>The special-purpose address registries of IANA (RFC 6890) as far as they matter to a relay.</summary>
internal static class AddressScopes
{
    private static readonly (IpPrefix Prefix, AddressScope Scope)[] IPv4 = Parse(
        ("0.0.0.0/8", AddressScope.Never), // "this network"; Linux sends 0.0.0.0 to itself
        ("10.0.0.0/8", AddressScope.Private),
        ("100.64.0.0/10", AddressScope.Private), // shared by carriers, RFC 6598
        ("127.0.0.0/8", AddressScope.Private),
        ("169.254.0.0/16", AddressScope.Private), // link-local; 169.254.169.254 hands out the secrets of cloud machines
        ("172.16.0.0/12", AddressScope.Private),
        ("192.0.0.0/24", AddressScope.Private), // protocol assignments, RFC 6890
        ("192.0.2.0/24", AddressScope.Private), // documentation
        ("192.88.99.0/24", AddressScope.Never), // 6to4 relays, RFC 7526
        ("192.168.0.0/16", AddressScope.Private),
        ("198.18.0.0/15", AddressScope.Private), // benchmarking
        ("198.51.100.0/24", AddressScope.Private), // documentation
        ("203.0.113.0/24", AddressScope.Private), // documentation
        ("224.0.0.0/4", AddressScope.Never), // multicast
        ("240.0.0.0/4", AddressScope.Never)); // reserved, and broadcast

    // The first that fits counts. What is outside 2000::/3 and not named here is not assigned.
    private static readonly (IpPrefix Prefix, AddressScope Scope)[] IPv6 = Parse(
        ("::1/128", AddressScope.Private),
        ("::/96", AddressScope.Never), // unspecified, and the IPv4-compatible form
        ("::ffff:0:0/96", AddressScope.Never), // the IPv4-mapped form
        ("::ffff:0:0:0/96", AddressScope.Never), // the IPv4-translated form, RFC 2765
        ("2001::/32", AddressScope.Never), // Teredo: RFC 8656 section 21.4
        ("2001::/23", AddressScope.Private), // protocol assignments: benchmarking, ORCHID and others
        ("2001:db8::/32", AddressScope.Private), // documentation
        ("2002::/16", AddressScope.Never), // 6to4: RFC 8656 section 21.4
        ("3fff::/20", AddressScope.Private), // documentation, RFC 9637
        ("2000::/3", AddressScope.Public),
        ("ff00::/8", AddressScope.Never), // multicast
        ("::/0", AddressScope.Private)); // fc00::/7 unique local, fe80::/10 link-local, fec0::/10 site-local, 100::/64 discard, 64:ff9b:1::/48 local NAT64, 5f00::/16 and the unassigned rest

    private static readonly IpPrefix Nat64 = IpPrefix.Parse("64:ff9b::/96");

    /// <summary>The scope of an address that has gone through <see cref="Canonical"/>.</summary>
    public static AddressScope Of(in NetworkAddress address)
    {
        if (address.Family == AddressFamily.IPv6 && IsIsatap(address))
        {
            return AddressScope.Never;
        }

        foreach (var (prefix, scope) in address.Family == AddressFamily.IPv4 ? IPv4 : IPv6)
        {
            if (prefix.Contains(address))
            {
                return scope;
            }
        }

        return AddressScope.Public;
    }

    /// <summary>
    /// The address that a packet ends up at: a NAT64 address (RFC 6052) stands for the IPv4 address in its last 32 bits. All other
    /// forms that carry an IPv4 address are never allowed, so nobody needs what they carry.
    /// </summary>
    public static NetworkAddress Canonical(in NetworkAddress address) =>
        Nat64.Contains(address) ? NetworkAddress.FromIPv4((uint)address.Low) : address;

    /// <summary>Whether an address is the end of a tunnel from which RFC 8656 section 21.4 forbids requests: Teredo or 6to4.</summary>
    public static bool IsTunnel(in NetworkAddress address) =>
        address.Family == AddressFamily.IPv6 && ((address.High >> 32) == 0x20010000 || (address.High >> 48) == 0x2002);

    // Interface identifier 0000:5efe or 0200:5efe, then an IPv4 address: RFC 5214 section 6.1.
    private static bool IsIsatap(in NetworkAddress address) => ((address.Low >> 32) & 0xFDFF_FFFF) == 0x5EFE;

    private static (IpPrefix Prefix, AddressScope Scope)[] Parse(params (string Prefix, AddressScope Scope)[] rows) =>
        [.. rows.Select(row => (IpPrefix.Parse(row.Prefix), row.Scope))];
}
