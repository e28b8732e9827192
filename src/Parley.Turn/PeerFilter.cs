using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// Decides which addresses an allocation may reach. Asked for every CreatePermission, ChannelBind and Send; the relay's own
/// addresses are the caller's affair, since data for them never leaves the process.
/// </summary>
public sealed class PeerFilter
{
    private readonly HashSet<NetworkAddress> _host;
    private readonly IReadOnlyList<IpPrefix> _allowed;
    private readonly IReadOnlyList<IpPrefix> _denied;
    private readonly bool _allowPrivate;

    /// <summary>Makes the filter that some settings describe.</summary>
    public PeerFilter(TurnSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _host = [.. settings.HostAddresses.Select(address => AddressScopes.Canonical(address))];
        if (settings.RelayAddressIPv4 is { } ipv4)
        {
            _host.Add(ipv4);
        }

        if (settings.RelayAddressIPv6 is { } ipv6)
        {
            _host.Add(ipv6);
        }

        (_allowed, _denied, _allowPrivate) = (settings.AllowedPeers, settings.DeniedPeers, settings.AllowPrivatePeers);
    }

    /// <summary>Whether data may be sent to an address through a relay socket.</summary>
    public bool Allows(in NetworkAddress address)
    {
        var canonical = AddressScopes.Canonical(address);
        if (Contains(_denied, canonical) || (canonical != address && Contains(_denied, address)))
        {
            return false;
        }

        var scope = AddressScopes.Of(canonical);
        return scope switch
        {
            AddressScope.Never => false,
            AddressScope.Private when _allowPrivate => true,
            _ when _host.Contains(canonical) => false,
            AddressScope.Private => Contains(_allowed, canonical),
            _ => true,
        };
    }

    private static bool Contains(IReadOnlyList<IpPrefix> prefixes, in NetworkAddress address)
    {
        for (var i = 0; i < prefixes.Count; i++)
        {
            if (prefixes[i].Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
