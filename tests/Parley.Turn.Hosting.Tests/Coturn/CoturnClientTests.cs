using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting.Tests.Coturn;

/// <summary>Coturn's client against the relay, judged by its own output.</summary>
public abstract class CoturnClientTests(CoturnClient client)
{
    [Theory]
    [MemberData(nameof(CoturnClient.Delivering), MemberType = typeof(CoturnClient))]
    public void Everything_that_coturns_client_sends_arrives(string mode)
    {
        var (output, sent, received, lost) = client.Result(mode);
        Assert.True(sent > 0 && received == sent && lost == 0, output);
    }

    [Fact]
    public void Without_a_permission_nothing_arrives()
    {
        var (output, sent, received, _) = client.Result(CoturnClient.WithoutPermission);
        Assert.True(sent > 0 && received == 0, output);
    }

    [Fact]
    public async Task Whatever_the_clients_broke_the_relay_is_well_and_nothing_is_left()
    {
        Assert.SkipUnless(client.Outputs.Any(), "turnutils_uclient is not installed: it comes with coturn.");
        Assert.Equal(0, client.Host.Server.Snapshot.Faults);
        Assert.DoesNotContain(client.Host.Logs.OfRelay, entry => entry.Level >= LogLevel.Error);

        // Clients on UDP that just went away are forgotten when their allocations expire; hanging up does not wait for that.
        await client.Host.Server.RevokeAsync(TurnHost.UserName, DateTimeOffset.MaxValue);
        await client.Host.Server.RevokeAsync("bob", DateTimeOffset.MaxValue);
        await Eventually.TrueAsync(() => client.Host.Server.Snapshot is { Inventory: { Allocations: 0, RelayedPorts: 0 }, BoundPorts: 0, Sockets: 0, Streams: 0 }, () => $"{client.Host.Server.Snapshot}", TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Coturns_binding_client_learns_its_address()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("turnutils_stunclient"), "turnutils_stunclient is not installed: it comes with coturn.");
        foreach (var address in new[] { "127.0.0.1", "::1" })
        {
            var output = await ExternalProgram.RunAsync("turnutils_stunclient", $"-p {client.Host.Port} {address}", TimeSpan.FromSeconds(20));
            Assert.Contains("UDP reflexive addr: ", output, StringComparison.Ordinal);
        }
    }
}

public sealed class DefaultEngineCoturnClientTests(DefaultEngineCoturnClient client) : CoturnClientTests(client), IClassFixture<DefaultEngineCoturnClient>;

public sealed class PortableEngineCoturnClientTests(PortableEngineCoturnClient client) : CoturnClientTests(client), IClassFixture<PortableEngineCoturnClient>;
