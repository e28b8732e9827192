using System.Text.Json;

namespace Parley.Testing;

/// <summary>When frames were shown and sound was played in a page: wall clock, in Unix milliseconds, ascending. Needs the probe's option <c>arrivals</c>.</summary>
/// <param name="Frames">Each frame of the other side as it was shown.</param>
/// <param name="Sound">Each advance of the sound played, looked at every 20 ms.</param>
/// <param name="Events">What the page and its peer connections went through, each with its time in front.</param>
public sealed record Arrivals(IReadOnlyList<long> Frames, IReadOnlyList<long> Sound, IReadOnlyList<string> Events)
{
    /// <summary>What a probe takes to write arrivals down.</summary>
    public const string ProbeOptions = """{"arrivals":true}""";

    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    /// <summary>The page's arrivals since a moment.</summary>
    public static async Task<Arrivals> OfAsync(IMediaWitness witness, DateTimeOffset since) =>
        (await witness.ArrivalsAsync(since.ToUnixTimeMilliseconds())).Deserialize<Arrivals>(CamelCase)!;

    /// <summary>The end of the last gap longer than a limit; null while there was none, or while it lasts.</summary>
    /// <param name="times">Arrivals in ascending order.</param>
    /// <param name="longerThan">What is no gap yet.</param>
    public static (long From, long To)? LastGap(IReadOnlyList<long> times, TimeSpan longerThan)
    {
        for (var i = times.Count - 1; i > 0; i--)
        {
            if (times[i] - times[i - 1] > longerThan.TotalMilliseconds)
            {
                return (times[i - 1], times[i]);
            }
        }

        return null;
    }

    /// <summary>The longest time between two arrivals. Nothing must have been missing before the first one and after the last.</summary>
    public static TimeSpan LongestGap(IReadOnlyList<long> times) =>
        TimeSpan.FromMilliseconds(times.Zip(times.Skip(1), (before, after) => after - before).DefaultIfEmpty(0).Max());

    /// <summary>The longest time without an arrival from one moment to another.</summary>
    public static TimeSpan LongestGap(IReadOnlyList<long> times, DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        return LongestGap([first, .. times.Where(time => time > first && time < last), last]);
    }
}
