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
        var right = await CallFromAsync(left, Only(transport));

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
