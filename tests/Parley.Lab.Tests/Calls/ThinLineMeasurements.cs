using System.Globalization;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// What is left of sound and picture on thin and lossy lines, as docs/reliability.md states it. Run on demand, on a quiet machine:
/// <c>Parley.Lab.Tests -explicit only -method "*ThinLineMeasurements*" -showLiveOutput</c>.
/// </summary>
public sealed class ThinLineMeasurements(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    // How long each line is watched once the call has had its time to adapt to it.
    private static readonly TimeSpan Watched =
        TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("PARLEY_SECONDS") ?? "60", CultureInfo.InvariantCulture));

    private static readonly TimeSpan Adapting = TimeSpan.FromSeconds(20);

    /// <inheritdoc />
    protected override bool NetworkFails => true;

    [Theory(Explicit = true)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    [InlineData(0.3, false)]
    [InlineData(0.3, true)]
    public Task Loss(double loss, bool plainSound) => MeasureAsync(
        $"loss of {loss:P0} each way{(plainSound ? ", without redundant sound" : "")}", new LineConditions { Loss = loss }, plainSound);

    [Theory(Explicit = true)]
    [InlineData(64)]
    [InlineData(20)]
    public Task Rate(int kilobits) => MeasureAsync($"{kilobits} kbit/s each way", new LineConditions { BitsPerSecond = 1000 * kilobits }, plainSound: false);

    // Only the left home's line is bad: what the left one sends meets it on the way out, what the right one sends on the way in.
    private async Task MeasureAsync(string what, LineConditions line, bool plainSound)
    {
        var (left, right) = await CallAsync($$"""{"arrivals":true,"plainSound":{{(plainSound ? "true" : "false")}}}""");
        Lab.Left.Line.Conditions = line;
        await Task.Delay(Adapting, TestContext.Current.CancellationToken);
        var began = DateTimeOffset.UtcNow;
        var before = await ReportsAsync(left, right);
        await Task.Delay(Watched, TestContext.Current.CancellationToken);
        var after = await ReportsAsync(left, right);
        Person[] people = [left, right];
        for (var i = 0; i < people.Length; i++)
        {
            var arrivals = await Arrivals.OfAsync(people[i], began);
            var concealed = (after[i].AudioSamplesConcealed - before[i].AudioSamplesConcealed) / (double)(after[i].AudioSamples - before[i].AudioSamples);
            Measured.Line(string.Create(CultureInfo.InvariantCulture,
                $"| {what} | {people[i].Name} | {concealed:P1} | {Arrivals.LongestGap(arrivals.Sound).TotalMilliseconds:0} ms | {(after[i].FramesShown - before[i].FramesShown) / Watched.TotalSeconds:0.0} | {after[i].FrameWidth} x {after[i].FrameHeight} | {after[i].Estimate / 1000:0} kbit/s |"));
        }
    }

    private static async Task<MediaReport[]> ReportsAsync(params Person[] people) =>
        [.. await Task.WhenAll(people.Select(async person => (await person.ReportAsync())!))];
}
