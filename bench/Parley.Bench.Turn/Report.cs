using System.Globalization;
using System.Text;

namespace Parley.Bench.Turn;

/// <summary>The table that goes into <c>docs/benchmarks.md</c>.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyList<Scenario> scenarios, IReadOnlyList<(string Scenario, string Server, Measurement Result)> results)
    {
        var text = new StringBuilder();
        text.AppendLine("| load | coturn ns/packet | Parley ns/packet | ratio (rounds: lowest to highest) | lost coturn / Parley | coturn kpps | Parley kpps | p50 us coturn / Parley | p99 us |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var scenario in scenarios)
        {
            var coturn = Of(results, scenario, "coturn");
            var parley = Of(results, scenario, "parley");
            if (coturn.Count == 0 || parley.Count == 0)
            {
                continue;
            }

            // A round's two measurements are minutes apart at most, so their ratio is the fairest figure; the median of those is the result.
            var ratios = coturn.Zip(parley, (c, p) => p.NanosecondsPerPacket / c.NanosecondsPerPacket).Order().ToList();
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {scenario.Description} | {Median(coturn, m => m.NanosecondsPerPacket):F0} | {Median(parley, m => m.NanosecondsPerPacket):F0} | **{Statistics.Median(ratios):F2}** ({ratios[0]:F2} to {ratios[^1]:F2}) | {coturn.Sum(m => m.Lost)} / {parley.Sum(m => m.Lost)} | {Median(coturn, m => m.PacketsPerSecond) / 1000:F0} | {Median(parley, m => m.PacketsPerSecond) / 1000:F0} | {Median(coturn, m => m.P50Microseconds):F0} / {Median(parley, m => m.P50Microseconds):F0} | {Median(coturn, m => m.P99Microseconds):F0} / {Median(parley, m => m.P99Microseconds):F0} |"));
        }

        return text.ToString();
    }

    private static List<Measurement> Of(IReadOnlyList<(string Scenario, string Server, Measurement Result)> results, Scenario scenario, string server) =>
        [.. results.Where(result => result.Scenario == scenario.Name && result.Server == server).Select(result => result.Result)];

    private static double Median(List<Measurement> measurements, Func<Measurement, double> value) => Statistics.Median(measurements.Select(value));
}
