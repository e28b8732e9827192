using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// Chromiums that ask before a page may reach addresses of the local network by WebRTC. Chromium 156 has the rule, and by default
/// applies it to the machine's own addresses only.
/// </summary>
public sealed class LocalNetworkStage(SharedLab shared) : CallStage(shared)
{
    /// <inheritdoc />
    protected override IReadOnlyList<string> FurtherSwitches => ["--enable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebRTC"];
}

/// <summary>Whoever keeps the page from the local network has a call all the same, by the other ways there are.</summary>
public sealed class LocalNetworkTests(SharedLab shared, LocalNetworkStage stage) : LabCallTest(shared, stage), IClassFixture<LocalNetworkStage>
{
    private const string Permission = "local-network";

    [Fact]
    public async Task Refused_by_both_a_call_goes_by_the_addresses_that_the_routers_show()
    {
        var (left, right) = await CallAsync(prepare: person => person.RefuseAsync(Stage.Server.Address, Permission));

        await new BestWay(RouterKind.PortPreserving, RouterKind.PortPreserving).IsTakenAsync(left, right);
    }

    [Fact]
    public async Task Where_only_local_addresses_would_do_a_call_goes_through_the_relay_and_the_page_says_why()
    {
        await SetOpenRoutersAsync();

        var (left, right) = await CallAsync(prepare: person => person.RefuseAsync(Stage.Server.Address, Permission));

        foreach (var person in (Person[])[left, right])
        {
            await GoesAsync(person, "relayed");
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Connection details" }).ClickAsync();
            await person.Call.ReadsAsync("Your browser keeps this page from your local network");
        }
    }

    // What makes the two above mean something: it is the refusal that costs the direct way.
    [Fact]
    public async Task Allowed_by_both_the_same_call_goes_straight_from_host_to_host()
    {
        await SetOpenRoutersAsync();

        var (left, right) = await CallAsync(prepare: person => person.AllowAsync(Stage.Server.Address, Permission));

        await new BestWay(RouterKind.Open, RouterKind.Open).IsTakenAsync(left, right);
    }

    private async Task SetOpenRoutersAsync()
    {
        await Lab.Left.SetRouterAsync(RouterKind.Open);
        await Lab.Right.SetRouterAsync(RouterKind.Open);
    }
}
