using System.Globalization;
using System.Text;

namespace Parley.Bench.SocketIo;

/// <summary>What one server did in one round of one scenario.</summary>
internal sealed record Measurement(int Round, string Server, Dictionary<Figure, double> Figures);

/// <summary>The table that goes into <c>docs/benchmarks.md</c>.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyList<Measurement> measurements)
    {
        var servers = ServerUnderTest.Names.Where(name => measurements.Any(measurement => measurement.Server == name)).ToList();
        var text = new StringBuilder("| load | unit |");
        foreach (var server in servers)
        {
            text.Append(CultureInfo.InvariantCulture, $" {server} |{(server == ServerUnderTest.Node ? "" : " ratio (rounds: lowest to highest) |")}");
        }

        text.AppendLine().Append("| --- | --- |").Insert(text.Length, " --- |", (2 * servers.Count) - (servers.Contains(ServerUnderTest.Node) ? 1 : 0)).AppendLine();
        foreach (var figure in measurements.SelectMany(measurement => measurement.Figures.Keys).Distinct())
        {
            var node = Of(measurements, ServerUnderTest.Node, figure);
            text.Append(CultureInfo.InvariantCulture, $"| {figure.Name} | {figure.Unit} |");
            foreach (var server in servers)
            {
                var values = Of(measurements, server, figure);
                text.Append(CultureInfo.InvariantCulture, $" {Words(Statistics.Median(values.Values), figure.Digits)} |");
                if (server != ServerUnderTest.Node)
                {
                    // Of one round, because what the machine does besides changes from minute to minute; the median of those is the result.
                    var ratios = values.Where(value => node.ContainsKey(value.Key)).Select(value => value.Value / node[value.Key]).Order().ToList();
                    text.Append(ratios.Count == 0 ? " |" : string.Create(CultureInfo.InvariantCulture, $" **{Statistics.Median(ratios):F2}** ({ratios[0]:F2} to {ratios[^1]:F2}) |"));
                }
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    public static string Words(double value, int digits) => value.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static Dictionary<int, double> Of(IReadOnlyList<Measurement> measurements, string server, Figure figure) =>
        measurements.Where(measurement => measurement.Server == server && measurement.Figures.ContainsKey(figure)).ToDictionary(measurement => measurement.Round, measurement => measurement.Figures[figure]);
}
