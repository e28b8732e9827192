using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>Where measurements are printed: on the test's output, and at the end of <c>artifacts/measurements.md</c>.</summary>
internal static class Measured
{
    /// <summary>One row: how many, median, 95th percentile (nearest rank), worst, and all of them.</summary>
    public static void Print(string what, IReadOnlyList<double> values, string unit)
    {
        double[] sorted = [.. values.Order()];
        Line($"| {what} | {sorted.Length} | {At(sorted, 0.5):0} {unit} | {At(sorted, 0.95):0} {unit} | {sorted[^1]:0} {unit} | {string.Join(' ', values.Select(value => $"{value:0}"))} |");
    }

    /// <summary>A line as it is.</summary>
    public static void Line(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        File.AppendAllText(Path.Combine(Repository.Root, "artifacts", "measurements.md"), line + "\n");
    }

    private static double At(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
