using System.Net;

namespace Parley.Lab;

/// <summary>A home: one host behind a router, and the line from the router to the public network.</summary>
public sealed class Home
{
    private const string HostDevice = "eth0";
    private const string InnerDevice = "lan";
    private const string OuterDevice = "wan";

    private readonly NetworkNamespace _router;
    private readonly NetworkNamespace _public;
    private readonly string _publicDevice;
    private readonly byte _number;
    private byte _moves;
    private byte _publicAddresses;

    private Home(NetworkNamespace host, NetworkNamespace router, NetworkNamespace publicNetwork, string publicDevice, byte number, Line line)
    {
        Host = host;
        _router = router;
        _public = publicNetwork;
        _publicDevice = publicDevice;
        _number = number;
        Line = line;
    }

    /// <summary>Where the home's programs run.</summary>
    public NetworkNamespace Host { get; }

    /// <summary>The line between the home's router and the public network.</summary>
    public Line Line { get; }

    /// <summary>What the home's router does.</summary>
    public RouterKind Router { get; private set; }

    /// <summary>The host's address inside the home.</summary>
    public IPAddress Address => IPAddress.Parse($"{LocalNetwork}.2");

    /// <summary>The address the router has on the public network: what others see of the home, unless the router is open.</summary>
    public IPAddress PublicAddress => IPAddress.Parse($"203.0.{113 + _number}.{10 + _publicAddresses}");

    private string LocalNetwork => $"192.168.{3 + _number + (10 * _moves)}";

    private string Gateway => $"203.0.{113 + _number}.1";

    /// <summary>Makes the home's two namespaces, its devices and its line, with a port-preserving router.</summary>
    internal static async Task<Home> BuildAsync(NetworkNamespace host, NetworkNamespace router, NetworkNamespace publicNetwork, string publicDevice, byte number)
    {
        await router.IpAsync($"link add {InnerDevice} type veth peer name {HostDevice} netns {host.Name}");
        var home = new Home(host, router, publicNetwork, publicDevice, number, Line.Lay(router, OuterDevice, publicNetwork, publicDevice));
        await router.RunAsync("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        await publicNetwork.IpAsync($"address add {home.Gateway}/24 dev {publicDevice}");
        await publicNetwork.IpAsync($"link set {publicDevice} up");
        await host.IpAsync($"link set {HostDevice} up");
        await router.IpAsync($"link set {InnerDevice} up");
        await router.IpAsync($"link set {OuterDevice} up");
        await home.AddressAsync();
        await home.SetRouterAsync(RouterKind.PortPreserving);
        return home;
    }

    /// <summary>Replaces the router by one of another kind. What it remembered of connections is gone.</summary>
    public async Task SetRouterAsync(RouterKind kind)
    {
        await ClosePublicRouteAsync();
        Router = kind;
        await _router.LoadRulesAsync(Rules(kind));
        await ForgetConnectionsAsync();
        await OpenPublicRouteAsync();
    }

    /// <summary>
    /// Moves the host into another network, as from Wi-Fi to mobile: its own address and the public one both change, and nothing that was
    /// open goes on. The device stays up; programs learn of it from the system.
    /// </summary>
    public async Task MoveAsync()
    {
        await ClosePublicRouteAsync();
        _moves++;
        _publicAddresses++;
        await Host.IpAsync($"address flush dev {HostDevice}");
        await _router.IpAsync($"address flush dev {InnerDevice}");
        await _router.IpAsync($"address flush dev {OuterDevice}");
        await ForgetConnectionsAsync();
        await OpenPublicRouteAsync();
        await AddressAsync();
    }

    /// <summary>Gives the router another public address, as providers do overnight: nothing that was open goes on, and nobody at home is told.</summary>
    public async Task RenumberAsync()
    {
        _publicAddresses++;
        await _router.IpAsync($"address flush dev {OuterDevice}");
        await ForgetConnectionsAsync();
        await AddressOutsideAsync();
    }

    /// <summary>Pulls the host's own cable: its device goes down, which programs are told. For a loss that nobody is told of, cut the <see cref="Line"/>.</summary>
    public Task UnplugAsync() => Host.IpAsync($"link set {HostDevice} down");

    /// <summary>Plugs the host's cable in again; the address stays what it was.</summary>
    public async Task PlugAsync()
    {
        await Host.IpAsync($"link set {HostDevice} up");
        await Host.IpAsync($"route replace default via {LocalNetwork}.1");
    }

    // The router first: a host that asks for a router which is not there yet asks again only after a second.
    private async Task AddressAsync()
    {
        await _router.IpAsync($"address add {LocalNetwork}.1/24 dev {InnerDevice}");
        await AddressOutsideAsync();
        await Host.IpAsync($"address add {LocalNetwork}.2/24 dev {HostDevice}");
        await Host.IpAsync($"route replace default via {LocalNetwork}.1");
    }

    private async Task AddressOutsideAsync()
    {
        await _router.IpAsync($"address add {PublicAddress}/24 dev {OuterDevice}");
        await _router.IpAsync($"route replace default via {Gateway}");
    }

    // Only behind an open router has the host an address that the public network knows the way to.
    private async Task OpenPublicRouteAsync()
    {
        if (Router == RouterKind.Open)
        {
            await _public.IpAsync($"route add {LocalNetwork}.0/24 dev {_publicDevice}");
        }
    }

    private async Task ClosePublicRouteAsync() => await _public.IpAsync($"route flush {LocalNetwork}.0/24");

    // Old mappings outlive a change of rules.
    private async Task ForgetConnectionsAsync() => await _router.RunAsync("conntrack", "--flush");

    // The drop in the input chain matters as much as the one in the forward chain: a packet from outside that arrives early and is
    // accepted for the router itself leaves an entry behind, the home's own packet then cannot keep its port, and hole punching fails.
    private static string Rules(RouterKind kind) => kind == RouterKind.Open
        ? "flush ruleset"
        : $$"""
          flush ruleset
          table ip router {
            chain translate {
              type nat hook postrouting priority srcnat
              oifname "{{OuterDevice}}" masquerade {{(kind == RouterKind.PortPreserving ? "" : "fully-random")}}
            }
            chain forward {
              type filter hook forward priority filter
              iifname "{{OuterDevice}}" ct state new drop
              {{Blocked(kind)}}
            }
            chain own {
              type filter hook input priority filter
              iifname "{{OuterDevice}}" ct state new drop
            }
          }
          """;

    private static string Blocked(RouterKind kind) => kind switch
    {
        RouterKind.UdpBlocked => "meta l4proto udp drop",
        RouterKind.OnlyTcp443 => $"""
            meta l4proto udp drop
            iifname "{InnerDevice}" tcp dport != 443 drop
            """,
        _ => "",
    };
}
