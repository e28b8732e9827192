using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// Which way a call takes between any two routers, as docs/reliability.md states it. Run on demand:
/// <c>Parley.Lab.Tests -explicit only -method "*PathMeasurements*"</c>.
/// </summary>
public sealed class PathMeasurements(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    [Fact(Explicit = true)]
    public async Task Every_pair_of_routers_between_two_Chromiums()
    {
        var kinds = Enum.GetValues<RouterKind>();
        Measured.Line($"| Chromium – Chromium | {string.Join(" | ", kinds)} |");
        foreach (var leftKind in kinds)
        {
            List<string> row = [];
            foreach (var rightKind in kinds)
            {
                await SetRoutersAsync(leftKind, rightKind);
                var (left, right) = await CallAsync();
                row.Add(await WayAsync(left));
                Assert.Equal(Best(leftKind, rightKind), (await left.ReportAsync())!.Pair!.Local == "relay" || (await left.ReportAsync())!.Pair!.Remote == "relay" ? "relayed" : "direct");
                await left.Page.CloseAsync();
                await right.Page.CloseAsync();
            }

            Measured.Line($"| {leftKind} | {string.Join(" | ", row)} |");
        }
    }

    [Theory(Explicit = true)]
    [InlineData(RouterKind.PortPreserving, RouterKind.PortPreserving)]
    [InlineData(RouterKind.Symmetric, RouterKind.PortPreserving)]
    [InlineData(RouterKind.OnlyTcp443, RouterKind.PortPreserving)]
    public async Task Firefox_behind_the_left_router(RouterKind leftKind, RouterKind rightKind)
    {
        await SetRoutersAsync(leftKind, rightKind);
        await using var left = await Firefox.LaunchAsync("left-firefox", Stage.FirefoxIn(Lab.Left));
        await left.GotoAsync(new Uri(Stage.Server.Address, $"/r/{Room}").ToString());
        await left.ClickAsync("Join");
        await left.ReachesAsync("waiting");
        var right = await RightAsync();
        await right.Call.Join.ClickAsync();
        await Task.WhenAll(left.ReachesAsync("connected"), right.Call.ReachesAsync("connected"));
        await Task.WhenAll(left.SeesMovingPictureAsync(), right.SeesMovingPictureAsync(), left.HearsSoundAsync(), right.HearsSoundAsync());
        Measured.Line($"| Firefox {leftKind} – Chromium {rightKind} | {await WayAsync(left)} |");
        var pair = (await right.ReportAsync())!.Pair!;
        Assert.Equal(Best(leftKind, rightKind), pair.Local == "relay" || pair.Remote == "relay" ? "relayed" : "direct");
    }

    // Direct wherever a packet from outside finds in: behind an open router always, else where both ends can tell the port they will be seen with.
    private static string Best(RouterKind left, RouterKind right)
    {
        bool udp = left < RouterKind.UdpBlocked && right < RouterKind.UdpBlocked;
        bool open = left == RouterKind.Open || right == RouterKind.Open;
        bool ports = left == RouterKind.PortPreserving && right == RouterKind.PortPreserving;
        return udp && (open || ports) ? "direct" : "relayed";
    }

    private static async Task<string> WayAsync(IMediaWitness person)
    {
        var pair = (await person.ReportWhenAsync(report => report.Pair is not null, "a candidate pair")).Pair!;
        return $"{pair.Local} – {pair.Remote}{(pair.RelayProtocol is null ? "" : $" ({pair.RelayProtocol})")}";
    }

    private async Task SetRoutersAsync(RouterKind left, RouterKind right)
    {
        Room = $"lab-{Guid.NewGuid():N}";
        await Lab.Left.SetRouterAsync(left);
        await Lab.Right.SetRouterAsync(right);
    }
}
