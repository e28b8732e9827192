using System.Collections.Concurrent;
using System.Net;
using Parley.Stun;

namespace Parley.Turn.Hosting;

/// <summary>What the engines of one server share: their addresses, the relay ports, reserved sockets, and each other. Used by requests, never per packet.</summary>
internal sealed class EngineGroup(TurnRegistry registry, IReadOnlyList<IPAddress> relayAddresses, TimeSpan streamIdleTimeout, TimeProvider time)
{
    private readonly ConcurrentDictionary<ulong, RelaySocket> _reserved = new();
    private readonly RelayPorts _portsIPv4 = new(registry.Settings.RelayPortMin, registry.Settings.RelayPortMax);
    private readonly RelayPorts _portsIPv6 = new(registry.Settings.RelayPortMin, registry.Settings.RelayPortMax);

    public TurnRegistry Registry { get; } = registry;

    /// <summary>How long a connection on TCP or TLS may live without an allocation.</summary>
    public TimeSpan StreamIdleTimeout { get; } = streamIdleTimeout;

    /// <summary>The clock by which credentials and nonces expire.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>All engines, each at the index that is its shard's number. Set once, before the first starts.</summary>
    public IReadOnlyList<RelayEngine> Engines { get; set; } = [];

    /// <summary>Relay ports in use, reserved ones included.</summary>
    public int PortsInUse => _portsIPv4.Count + _portsIPv6.Count;

    public RelayPorts Ports(AddressFamily family) => family == AddressFamily.IPv6 ? _portsIPv6 : _portsIPv4;

    /// <summary>The address that relay sockets of a family bind to; null if the server does not relay in it.</summary>
    public IPAddress? BindAddress(AddressFamily family) =>
        relayAddresses.FirstOrDefault(address => (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) == (family == AddressFamily.IPv6));

    /// <summary>The address that clients are told for relay sockets of a family.</summary>
    public NetworkAddress? ToldAddress(AddressFamily family) =>
        family == AddressFamily.IPv6 ? Registry.Settings.RelayAddressIPv6 : Registry.Settings.RelayAddressIPv4;

    public void Reserve(ulong token, RelaySocket socket) => _reserved[token] = socket;

    public RelaySocket? Claim(ulong token) => _reserved.TryRemove(token, out var socket) ? socket : null;

    /// <summary>Closes a socket and gives its port back.</summary>
    public void Close(RelaySocket socket)
    {
        socket.Close();
        Ports(socket.Family).Return(socket.Port);
    }

    /// <summary>Closes the sockets that nobody claimed. After the engines have ended.</summary>
    public void CloseReserved()
    {
        foreach (var token in _reserved.Keys)
        {
            if (Claim(token) is { } socket)
            {
                Close(socket);
            }
        }
    }
}
