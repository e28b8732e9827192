using System.Text.RegularExpressions;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// Which way a call takes between any two routers, as a table for docs/reliability.md. Run on demand:
/// <c>Parley.Lab.Tests -explicit only -class "*PathMeasurements"</c>.
/// </summary>
public sealed partial class PathMeasurements(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    private static readonly RouterKind[] Kinds = Enum.GetValues<RouterKind>();

    [Fact(Explicit = true)]
    public async Task Every_pair_of_routers_between_two_Chromiums()
    {
        Begin("Chromium – Chromium");
        foreach (var leftKind in Kinds)
        {
            List<string> row = [];
            foreach (var rightKind in Kinds)
            {
                await SetRoutersAsync(leftKind, rightKind);
                var (left, right) = await CallAsync();
                row.Add(Cell(await new BestWay(leftKind, rightKind).IsTakenAsync(left, right)));
                await left.Page.CloseAsync();
                await right.Page.CloseAsync();
            }

            Row(leftKind, row);
        }
    }

    [Fact(Explicit = true)]
    public async Task Every_pair_of_routers_between_Firefox_and_Chromium()
    {
        Begin("Firefox – Chromium");
        await using var left = await Firefox.LaunchAsync("left-firefox", Stage.FirefoxIn(Lab.Left));
        foreach (var leftKind in Kinds)
        {
            List<string> row = [];
            foreach (var rightKind in Kinds)
            {
                await SetRoutersAsync(leftKind, rightKind);
                var right = await CallFromAsync(left);
                row.Add(Cell(await new BestWay(leftKind, rightKind) { WithFirefox = true }.IsTakenAsync(left, right)));
                await right.Page.CloseAsync();
            }

            Row(leftKind, row);
        }
    }

    private async Task SetRoutersAsync(RouterKind left, RouterKind right)
    {
        Room = $"lab-{Guid.NewGuid():N}";
        await Lab.Left.SetRouterAsync(left);
        await Lab.Right.SetRouterAsync(right);
    }

    private static void Begin(string browsers)
    {
        Measured.Line($"| {browsers} | {string.Join(" | ", Kinds.Select(Name))} |");
        Measured.Line($"| --- |{string.Concat(Kinds.Select(_ => " --- |"))}");
    }

    private static void Row(RouterKind left, List<string> cells) => Measured.Line($"| {Name(left)} | {string.Join(" | ", cells)} |");

    // As the left browser names its own end and the other one, with the transport to its relay.
    private static string Cell((CandidatePairReport Left, CandidatePairReport Right) way) =>
        $"{way.Left.Local} – {way.Left.Remote}{(way.Left.RelayProtocol is { } transport ? $" ({transport})" : "")}";

    // As docs/network-lab.md has it: port-preserving.
    private static string Name(RouterKind kind) => WordStart().Replace($"{kind}", "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z0-9])")]
    private static partial Regex WordStart();
}
