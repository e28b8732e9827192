using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>Whatever stands between two homes, their call finds the best way there is.</summary>
public sealed class PathTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    /// <summary>Every pair of routers, each once. <see cref="PathMeasurements"/> has them the other way round, too.</summary>
    public static IEnumerable<TheoryDataRow<RouterKind, RouterKind>> Pairs =>
        from left in Enum.GetValues<RouterKind>()
        from right in Enum.GetValues<RouterKind>()
        where left <= right
        select new TheoryDataRow<RouterKind, RouterKind>(left, right);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Between_two_Chromiums_a_call_takes_the_best_way(RouterKind leftRouter, RouterKind rightRouter)
    {
        await Lab.Left.SetRouterAsync(leftRouter);
        await Lab.Right.SetRouterAsync(rightRouter);

        var (left, right) = await CallAsync();

        await new BestWay(leftRouter, rightRouter).IsTakenAsync(left, right);
    }

    [Fact]
    public async Task Between_Firefox_and_Chromium_a_call_takes_the_best_way_be_it_direct_relayed_or_over_TCP_alone()
    {
        await using var left = await Firefox.LaunchAsync("left-firefox", Stage.FirefoxIn(Lab.Left));
        foreach (var leftRouter in (RouterKind[])[RouterKind.PortPreserving, RouterKind.Symmetric, RouterKind.OnlyTcp443])
        {
            Room = $"lab-{Guid.NewGuid():N}";
            await Lab.Left.SetRouterAsync(leftRouter);
            var right = await CallFromAsync(left);
            await new BestWay(leftRouter, RouterKind.PortPreserving) { WithFirefox = true }.IsTakenAsync(left, right);
            await right.Page.CloseAsync();
        }
    }
}
