using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>Browsers reach the relay in every way it offers; TCP and TLS on the page's own port.</summary>
public sealed class RelayTransportTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Two_Chromiums_call_each_other_through_the_relay_over(string transport)
    {
        var (left, right) = await CallAsync(Only(transport));

        Assert.Equal(("relay", transport), await WayAsync(left));
        Assert.Equal(("relay", transport), await WayAsync(right));
        Assert.Equal("relayed", await left.Call.PathAsync());
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Firefox_and_Chromium_call_each_other_through_the_relay_over(string transport)
    {
        await using var left = await Firefox.LaunchAsync("left-firefox", Stage.FirefoxIn(Lab.Left, Only(transport)));
        await left.GotoAsync(new Uri(Stage.Server.Address, $"/r/{Room}").ToString());
        await left.ClickAsync("Join");
        await left.ReachesAsync("waiting");
        var right = await RightAsync(Only(transport));
        await right.Call.Join.ClickAsync();

        await Task.WhenAll(left.ReachesAsync("connected"), right.Call.ReachesAsync("connected"));
        await Task.WhenAll(left.SeesMovingPictureAsync(), right.SeesMovingPictureAsync(), left.HearsSoundAsync(), right.HearsSoundAsync());
        Assert.Equal(("relay", transport), await WayAsync(left));
        Assert.Equal(("relay", transport), await WayAsync(right));
    }

    // What the media probe takes to leave nothing but relayed candidates by one transport.
    private static string Only(string transport) => $$"""{"relayOver":"{{transport}}"}""";

    private static async Task<(string Local, string? RelayProtocol)> WayAsync(IMediaWitness witness)
    {
        var report = await witness.ReportWhenAsync(report => report.Pair is not null, "a candidate pair");
        return (report.Pair!.Local, report.Pair.RelayProtocol);
    }
}
