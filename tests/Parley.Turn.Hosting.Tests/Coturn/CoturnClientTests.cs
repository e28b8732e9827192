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
        var (output, sent, received, _) = client.Result("-I -s PEER");
        Assert.True(sent > 0 && received == 0, output);
    }

    [Fact]
    public void Broken_messages_cost_the_client_only_what_it_broke()
    {
        // In this mode the client garbles a random message now and then, so it loses a few with its own server too.
        var (output, sent, received, _) = client.Result("PEER -R");
        Assert.True(sent > 0 && received >= sent * 8 / 10, output);
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
