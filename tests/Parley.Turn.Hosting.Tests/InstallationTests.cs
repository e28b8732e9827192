using System.Net;
using Microsoft.Extensions.Logging;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>Where people put the server: on a LAN, behind a NAT, beside another one that takes over.</summary>
public sealed class InstallationTests
{
    private const ushort Channel = 0x4001;
    private static readonly TransportAddress ElsewhereOnTheLan = TransportAddress.Parse("192.168.77.5:5000");

    /// <summary>Peers on a LAN are private, so the filter refuses them; the call goes from relay to relay, within the process.</summary>
    [Theory]
    [InlineData(EngineKind.Default)]
    [InlineData(EngineKind.Portable)]
    public async Task On_a_LAN_without_configuration_both_ends_meet_at_the_relay(EngineKind engine)
    {
        await using var host = await TurnHost.StartAsync(engine, ("AllowPrivatePeers", "false"));
        await using var a = TestClient.Udp(host);
        await using var b = TestClient.Udp(host);
        var (relayedA, relayedB) = (await a.AllocateAsync(), await b.AllocateAsync());

        Assert.Equal(StunErrorCode.Forbidden, await a.RequestAsync(StunMethod.CreatePermission, (ref StunWriter writer) => writer.AddXorAddress(StunAttributeType.XorPeerAddress, ElsewhereOnTheLan)));
        await MeetAsync(a, relayedA, b, relayedB);

        // The operator is told, in one line, what this address is good for.
        Assert.Single(host.Logs.OfRelay, entry => entry.Message.StartsWith("The relay address 127.0.0.1 is private", StringComparison.Ordinal) && entry.Message.Contains("Parley:Turn:PublicAddress", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_private_network_may_be_opened_and_the_others_stay_shut()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("AllowPrivatePeers", "false"), ("AllowedPeers:0", "192.168.77.0/24"), ("DeniedPeers:0", "192.168.77.128/25"));
        await using var client = TestClient.Udp(host);
        await client.AllocateAsync();
        await client.PermitAsync(ElsewhereOnTheLan);
        foreach (var other in new[] { "192.168.77.129:1", "192.168.78.5:1", "10.0.0.1:1" })
        {
            Assert.Equal(StunErrorCode.Forbidden, await client.RequestAsync(StunMethod.CreatePermission, (ref StunWriter writer) => writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(other))));
        }
    }

    [Theory]
    [InlineData(EngineKind.Default)]
    [InlineData(EngineKind.Portable)]
    public async Task Behind_a_NAT_clients_are_told_the_public_address_and_what_it_forwards_arrives(EngineKind engine)
    {
        await using var host = await TurnHost.StartAsync(engine, ("PublicAddress", "198.51.100.7"), ("RelayAddress", "127.0.0.1"));
        await using var a = TestClient.Udp(host);
        await using var b = TestClient.Udp(host);
        var (relayedA, relayedB) = (await a.AllocateAsync(), await b.AllocateAsync());
        Assert.Equal("198.51.100.7", relayedA.Address.ToString());

        // A NAT that cannot send back to the inside what came from there ("hairpin") is no obstacle.
        await MeetAsync(a, relayedA, b, relayedB);

        // What the NAT forwards comes to the same port of the host.
        using var peer = new Peer();
        await a.PermitAsync(peer.Address);
        peer.Send(TransportAddress.Parse($"127.0.0.1:{relayedA.Port}"), "from outside"u8);
        Assert.Equal("from outside"u8.ToArray(), (await a.DataAsync()).Payload);
        Assert.Contains(host.Logs.OfRelay, entry => entry.Level == LogLevel.Information && entry.Message.Contains("127.0.0.1 (told to clients: 198.51.100.7)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_runs_empty_sends_new_clients_elsewhere()
    {
        await using var host = await TurnHost.StartAsync();
        await using var early = TestClient.Udp(host);
        await early.AllocateAsync();
        host.Server.Redirect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 3478), null);

        await using var late = TestClient.Udp(host);
        await using var other = TestClient.Udp(host, "::1");
        Assert.Equal(StunErrorCode.TryAlternate, await late.RequestAsync(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(17)));
        Assert.Equal(StunErrorCode.None, await early.RefreshAsync(600));
        await other.AllocateAsync();

        host.Server.Redirect(null, null);
        await late.AllocateAsync();
    }

    [Fact]
    public async Task Names_and_passwords_of_any_script_are_compared_byte_by_byte()
    {
        const string Name = "Zo\u00EB 妈妈";
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ($"Users:{Name}", Name));
        await using var client = TestClient.Udp(host);
        (client.UserName, client.Password) = (Name, Name);
        await client.AllocateAsync();
    }

    [Fact]
    public async Task Item_13_There_is_no_default_password()
    {
        await using var one = await TurnHost.StartAsync(EngineKind.Default, ("Secret", null!));
        await using var other = await TurnHost.StartAsync(EngineKind.Default, ("Secret", null!));
        Assert.NotEqual(one.Server.Secret, other.Server.Secret);
        Assert.True(one.Server.Secret.Length >= 32);
        Assert.Empty(new TurnOptions().Users);
    }

    private static async Task MeetAsync(TestClient a, TransportAddress relayedA, TestClient b, TransportAddress relayedB)
    {
        await a.BindAsync(Channel, relayedB);
        await b.BindAsync(Channel, relayedA);
        await a.SendAsync(Channel, "hello"u8);
        Assert.Equal("hello"u8.ToArray(), (await b.DataAsync()).Payload);
        await b.SendAsync(Channel, "hello yourself"u8);
        Assert.Equal("hello yourself"u8.ToArray(), (await a.DataAsync()).Payload);
    }
}
