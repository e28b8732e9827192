using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>Whatever stands between two homes, their call finds the best way there is.</summary>
public sealed class PathTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    [Fact]
    public async Task Between_open_routers_a_call_goes_straight_from_host_to_host()
    {
        var (left, right) = await CallBetweenAsync(RouterKind.Open, RouterKind.Open);

        Assert.Equal(("host", "host"), await TypesAsync(left));
        Assert.Equal(("host", "host"), await TypesAsync(right));
    }

    [Theory]
    [InlineData(RouterKind.PortPreserving, RouterKind.PortPreserving)]
    [InlineData(RouterKind.PortPreserving, RouterKind.Open)]
    [InlineData(RouterKind.Symmetric, RouterKind.Open)]
    public async Task Where_the_routers_allow_it_a_call_goes_directly(RouterKind leftRouter, RouterKind rightRouter)
    {
        var (left, right) = await CallBetweenAsync(leftRouter, rightRouter);

        await GoesAsync(left, "direct");
        await GoesAsync(right, "direct");
    }

    [Theory]
    [InlineData(RouterKind.Symmetric, RouterKind.Symmetric)]
    [InlineData(RouterKind.Symmetric, RouterKind.PortPreserving)]
    public async Task Behind_symmetric_routers_a_call_goes_through_the_relay(RouterKind leftRouter, RouterKind rightRouter)
    {
        var (left, right) = await CallBetweenAsync(leftRouter, rightRouter);

        await GoesAsync(left, "relayed");
        await GoesAsync(right, "relayed");
    }

    [Theory]
    [InlineData(RouterKind.UdpBlocked, RouterKind.Symmetric)]
    [InlineData(RouterKind.OnlyTcp443, RouterKind.PortPreserving)]
    [InlineData(RouterKind.OnlyTcp443, RouterKind.OnlyTcp443)]
    public async Task Where_no_UDP_gets_out_a_call_goes_through_the_relay_over_TCP(RouterKind leftRouter, RouterKind rightRouter)
    {
        var (left, right) = await CallBetweenAsync(leftRouter, rightRouter);

        var pair = await GoesAsync(left, "relayed");
        Assert.Equal("relay", pair.Local);
        Assert.Contains(pair.RelayProtocol, (string[])["tcp", "tls"]);
        await GoesAsync(right, "relayed");
    }

    private async Task<(Person Left, Person Right)> CallBetweenAsync(RouterKind left, RouterKind right)
    {
        await Lab.Left.SetRouterAsync(left);
        await Lab.Right.SetRouterAsync(right);
        return await CallAsync();
    }

    private static async Task<(string Local, string Remote)> TypesAsync(Person person)
    {
        var pair = await GoesAsync(person, "direct");
        return (pair.Local, pair.Remote);
    }
}
