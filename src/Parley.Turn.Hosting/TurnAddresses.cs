using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting;

/// <summary>Where a server listens, where its relays bind, and what clients are told: the configuration, with what was detected in its gaps.</summary>
/// <param name="Listen">Addresses of the listeners.</param>
/// <param name="Relays">Addresses of relay sockets, one per family at most.</param>
/// <param name="Public">Addresses that clients are told, one per family of <paramref name="Relays"/>.</param>
/// <param name="Host">Every address of this host, those in front of a NAT included: no peer may have one.</param>
internal sealed record TurnAddresses(IReadOnlyList<IPAddress> Listen, IReadOnlyList<IPAddress> Relays, IReadOnlyList<IPAddress> Public, IReadOnlyList<IPAddress> Host)
{
    private const string Key = TurnOptions.SectionName;

    /// <summary>Resolves a configuration that is valid.</summary>
    /// <exception cref="OptionsValidationException">The configuration contradicts itself or the host; the message names the key and a fix.</exception>
    public static TurnAddresses Resolve(TurnOptions options) => Resolve(options, HostAddresses.All());

    public static TurnAddresses Resolve(TurnOptions options, IReadOnlyList<IPAddress> host)
    {
        var listen = options.Listen.Select(IPAddress.Parse).SelectMany(address => Expand(address, host)).Distinct().ToList();
        if (options.Listen.Count == 0)
        {
            listen = [.. host];
        }

        var relays = Parse(options.RelayAddress) ?? HostAddresses.Relays(host);
        var told = Parse(options.PublicAddress) ?? [];
        Refuse(
            listen.FirstOrDefault(address => !IsOwn(address, host)),
            address => $"{Key}:Listen has {address}, which is not an address of this host. It has {string.Join(", ", host)}; remove the key to listen on all.");
        Refuse(
            relays.FirstOrDefault(address => !IsOwn(address, host)),
            address => $"{Key}:RelayAddress has {address}, which is not an address of this host. It has {string.Join(", ", host)}. If it is the address of a NAT in front of this host, write it in {Key}:PublicAddress.");
        Refuse(
            told.Find(address => !relays.Any(relay => relay.AddressFamily == address.AddressFamily)),
            address => $"{Key}:PublicAddress has {address}, but no relay address is of that family. Add one to {Key}:RelayAddress, or remove this one.");

        var announced = relays.Select(relay => told.FirstOrDefault(address => address.AddressFamily == relay.AddressFamily) ?? relay).ToList();
        return new TurnAddresses(listen, relays, announced, [.. host.Concat(relays).Concat(told).Distinct()]);
    }

    /// <summary>The address that clients are told for relays of a family.</summary>
    public IPAddress? PublicOf(AddressFamily family) => Public.FirstOrDefault(address => address.AddressFamily == family);

    private static bool IsOwn(IPAddress address, IReadOnlyList<IPAddress> host) => host.Contains(address) || IPAddress.IsLoopback(address);

    private static void Refuse(IPAddress? address, Func<IPAddress, string> mistake)
    {
        if (address is not null)
        {
            throw new OptionsValidationException(Key, typeof(TurnOptions), [mistake(address)]);
        }
    }

    private static IEnumerable<IPAddress> Expand(IPAddress address, IReadOnlyList<IPAddress> host) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? host.Where(own => own.AddressFamily == address.AddressFamily) : [address];

    private static List<IPAddress>? Parse(string? text) => text?.Split(',', StringSplitOptions.TrimEntries).Select(IPAddress.Parse).ToList();
}
