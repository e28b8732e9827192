using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting.Tests;

/// <summary>The configuration: mistakes are named, gaps are filled by what the host has.</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "Listen:0", "localhost", "Parley:Turn:Listen:0 is \"localhost\"" },
        { "RelayAddress", "example.org", "Parley:Turn:RelayAddress has \"example.org\"" },
        { "RelayAddress", "192.0.2.1,192.0.2.2", "more than one address of a family" },
        { "PublicAddress", "0.0.0.0", "Parley:Turn:PublicAddress has \"0.0.0.0\"" },
        { "Port", "70000", "Parley:Turn:Port is 70000" },
        { "Port", "50000", "lies in the range of relay ports" },
        { "Threads", "-1", "Parley:Turn:Threads is not possible" },
        { "RelayPortMax", "40000", "Parley:Turn:RelayPortMin is 49152 and above RelayPortMax, 40000" },
        { "AllowedPeers:0", "10.1.2.0-10.1.2.9", "Parley:Turn:AllowedPeers:0 is \"10.1.2.0-10.1.2.9\"" },
        { "DeniedPeers:0", "10.1.2.3/8", "Parley:Turn:DeniedPeers:0 is \"10.1.2.3/8\"" },
        { "StreamQueueBytes", "1", "Parley:Turn:StreamQueueBytes is not possible: 1 does not lie between 16384 and 16777216" },
        { "Realm", "", "Parley:Turn:Realm is not possible" },
        { "Secret", "", "Parley:Turn:Secret is empty" },
        { "Users:bob", "", "Parley:Turn:Users:bob has no password" },
        { "StreamQueueAge", "00:01:00", "Parley:Turn:StreamQueueAge is not possible" },
        { "MaxAllocations", "0", "Parley:Turn:MaxAllocations is not possible" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Item_03_A_mistake_is_named_with_its_key_and_the_server_does_not_start(string key, string value, string expected)
    {
        var result = new TurnOptionsValidator().Validate(null, Read((key, value)));
        Assert.True(result.Failed);
        Assert.Contains(expected, Assert.Single(result.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_valid_and_nothing_is_checked_when_the_relay_is_off()
    {
        Assert.True(new TurnOptionsValidator().Validate(null, Read()).Succeeded);
        Assert.True(new TurnOptionsValidator().Validate(null, Read(("Enabled", "false"), ("Port", "-1"))).Succeeded);
    }

    [Fact]
    public void Every_mistake_is_named_at_once()
    {
        var result = new TurnOptionsValidator().Validate(null, Read(("Port", "-1"), ("RelayAddress", "x"), ("Listen:0", "y")));
        Assert.Equal(3, result.Failures!.Count());
    }

    [Fact]
    public void Without_configuration_all_addresses_listen_and_the_outgoing_ones_relay()
    {
        var host = HostAddresses.All();
        var addresses = TurnAddresses.Resolve(Read(), host);
        Assert.Equal(host, addresses.Listen);
        Assert.NotEmpty(addresses.Relays);
        Assert.Equal(addresses.Relays, addresses.Public);
        Assert.Subset(host.ToHashSet(), addresses.Relays.ToHashSet());

        IPAddress[] two = [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("198.51.100.7"), IPAddress.Parse("2001:db8::7")];
        Assert.Equal([two[1], two[2]], HostAddresses.Choose(two, family => family == AddressFamily.InterNetwork ? two[1] : null));
    }

    [Fact]
    public void A_host_without_a_network_relays_on_loopback()
    {
        Assert.Equal([IPAddress.Loopback], HostAddresses.Choose([IPAddress.Loopback], _ => null));
        Assert.Equal([IPAddress.Parse("192.168.1.5")], HostAddresses.Choose([IPAddress.Parse("192.168.1.5"), IPAddress.Loopback, IPAddress.IPv6Loopback], _ => null));
    }

    [Fact]
    public void The_wildcard_stands_for_all_addresses_of_its_family()
    {
        IPAddress[] host = [IPAddress.Parse("192.0.2.7"), IPAddress.Loopback, IPAddress.IPv6Loopback];
        Assert.Equal([IPAddress.Parse("192.0.2.7"), IPAddress.Loopback], TurnAddresses.Resolve(Read(("Listen:0", "0.0.0.0"), ("RelayAddress", "192.0.2.7")), host).Listen);
    }

    [Fact]
    public void Behind_a_nat_clients_are_told_the_address_in_front_and_no_peer_may_have_it()
    {
        var addresses = TurnAddresses.Resolve(Read(("RelayAddress", "10.0.0.5, fd00::5"), ("PublicAddress", "203.0.113.7")), [IPAddress.Parse("10.0.0.5"), IPAddress.Parse("fd00::5")]);
        Assert.Equal([IPAddress.Parse("203.0.113.7"), IPAddress.Parse("fd00::5")], addresses.Public);
        Assert.Equal(IPAddress.Parse("203.0.113.7"), addresses.PublicOf(AddressFamily.InterNetwork));
        Assert.Contains(IPAddress.Parse("203.0.113.7"), addresses.Host);
    }

    [Fact]
    public void A_public_address_without_a_relay_of_its_family_is_a_mistake()
    {
        var mistake = Assert.Throws<OptionsValidationException>(() => TurnAddresses.Resolve(Read(("RelayAddress", "10.0.0.5"), ("PublicAddress", "2001:db8::7")), [IPAddress.Parse("10.0.0.5")]));
        Assert.Contains("Parley:Turn:PublicAddress", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Listen:0", "Parley:Turn:Listen has 203.0.113.7")]
    [InlineData("RelayAddress", "write it in Parley:Turn:PublicAddress")]
    public void An_address_that_is_not_this_hosts_is_a_mistake(string key, string expected)
    {
        var mistake = Assert.Throws<OptionsValidationException>(() => TurnAddresses.Resolve(Read((key, "203.0.113.7")), [IPAddress.Parse("10.0.0.5"), IPAddress.Parse("2001:db8::7")]));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineKind.Default)]
    [InlineData(EngineKind.Portable)]
    public async Task A_udp_port_that_is_taken_keeps_the_server_from_starting(EngineKind engine)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;
        var failure = await Assert.ThrowsAsync<IOException>(() => TurnHost.StartAsync(engine, ("Port", $"{port}"), ("RelayPortMin", "20000"), ("RelayPortMax", "20100")));
        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Parley:Turn:Port", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_does_not_slip_onto_the_port_of_the_first()
    {
        await using var first = await TurnHost.StartAsync();
        await Assert.ThrowsAsync<IOException>(() => TurnHost.StartAsync(EngineKind.Default, ("Port", $"{first.Port}")));
    }

    [Fact]
    public async Task One_line_says_where_the_server_serves()
    {
        await using var host = await TurnHost.StartAsync();
        var line = Assert.Single(host.Logs.OfRelay, entry => entry.Level == LogLevel.Information && entry.Message.StartsWith("STUN and TURN", StringComparison.Ordinal)).Message;
        Assert.Contains($"UDP 127.0.0.1:{host.Port}, [::1]:{host.Port}", line, StringComparison.Ordinal);
        Assert.Contains($"TCP 127.0.0.1:{host.Port}, [::1]:{host.Port}", line, StringComparison.Ordinal);
        Assert.Contains($":{host.HttpsPort} (with the web server)", line, StringComparison.Ordinal);
        Assert.Contains("ports 20000 to 32000", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_is_off_opens_nothing_and_leaves_the_web_server_alone()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("Enabled", "false"));
        Assert.Empty(host.Server.EndPoints);
        using var http = new HttpClient();
        Assert.Equal("hello", await http.GetStringAsync($"http://127.0.0.1:{host.HttpPort}/"));
    }

    private static TurnOptions Read(params (string Key, string Value)[] settings)
    {
        var options = new TurnOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build()
            .Bind(options);
        return options;
    }
}
