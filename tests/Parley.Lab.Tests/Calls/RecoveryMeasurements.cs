using System.Globalization;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// How long a call takes to come back, as docs/reliability.md states it. Run on demand, on a quiet machine:
/// <c>Parley.Lab.Tests -explicit only -method "*RecoveryMeasurements*" -showLiveOutput</c>.
/// </summary>
public sealed class RecoveryMeasurements(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    // Fewer while developing; what is published has ten.
    private static readonly int Repetitions =
        int.Parse(Environment.GetEnvironmentVariable("PARLEY_REPETITIONS") ?? "10", CultureInfo.InvariantCulture);

    // Frames come every 50 ms here, sound every 20: this is a gap on a busy machine, too.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    private Trouble Trouble => new(Lab, Stage);

    /// <inheritdoc />
    protected override bool NetworkFails => true;

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    public Task Line_cut_for_seconds(int seconds) =>
        MeasureAsync($"line cut for {seconds} s", () => Trouble.CutAsync(TimeSpan.FromSeconds(seconds)));

    [Fact(Explicit = true)]
    public Task Cable_pulled_for_5_seconds() =>
        MeasureAsync("cable pulled for 5 s", () => Trouble.UnplugAsync(TimeSpan.FromSeconds(5)));

    [Fact(Explicit = true)]
    public Task Change_of_network() => MeasureAsync("change of network", Trouble.MoveAsync);

    [Fact(Explicit = true)]
    public Task New_public_address() => MeasureAsync("new public address", Trouble.RenumberAsync);

    // Each in a call of its own: what came while the browser slept waits in its socket and is played late, and ten seconds pass until that has worn off.
    [Fact(Explicit = true)]
    public Task Sleep_for_20_seconds() => MeasureAsync("sleep of 20 s", () => Trouble.SleepAsync(TimeSpan.FromSeconds(20)), anew: true);

    [Fact(Explicit = true)]
    public async Task Server_killed_and_restarted()
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        var began = DateTimeOffset.UtcNow;
        List<double> online = [];
        for (var i = 0; i < Repetitions; i++)
        {
            await Stage.Server.KillAsync();
            await Task.WhenAll(OfflineIsAsync(left, true), OfflineIsAsync(right, true));
            await Stage.StartServerAsync();
            var up = DateTimeOffset.UtcNow;
            await Task.WhenAll(OfflineIsAsync(left, false), OfflineIsAsync(right, false));
            online.Add((DateTimeOffset.UtcNow - up).TotalMilliseconds);
        }

        List<double> gaps = [];
        foreach (var person in (Person[])[left, right])
        {
            var (frames, sound, _) = await Arrivals.OfAsync(person, began);
            gaps.Add(Arrivals.LongestGap(frames).TotalMilliseconds);
            gaps.Add(Arrivals.LongestGap(sound).TotalMilliseconds);
        }

        Print("server restarted: online again after (from its ready line)", online);
        Print("server restarted: longest gap in frames and sound, both sides", gaps);
    }

    [Fact(Explicit = true)]
    public async Task Tab_refreshed()
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        List<double> here = [], there = [];
        for (var i = 0; i < Repetitions; i++)
        {
            await Task.Delay(Calm, TestContext.Current.CancellationToken);
            var reloaded = DateTimeOffset.UtcNow;
            await left.Page.ReloadAsync();
            await Task.WhenAll(left.SeesMovingPictureAsync(), right.SeesMovingPictureAsync());
            var first = await Arrivals.OfAsync(left, reloaded);
            here.Add(Math.Max(first.Frames[0], first.Sound[0]) - reloaded.ToUnixTimeMilliseconds());
            await Task.Delay(Calm, TestContext.Current.CancellationToken);
            there.Add(Back(await Arrivals.OfAsync(right, reloaded - TimeSpan.FromSeconds(1)), reloaded));
        }

        Print("tab refreshed: picture and sound in the new page", here);
        Print("tab refreshed: picture and sound at the other side", there);
    }

    [Fact(Explicit = true)]
    public async Task Three_of_ten_packets_lost()
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        Lab.Left.Line.Conditions = new LineConditions { Loss = 0.3 };
        List<double> frameGaps = [], soundGaps = [];
        for (var i = 0; i < Repetitions; i++)
        {
            var began = DateTimeOffset.UtcNow;
            await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            var ended = DateTimeOffset.UtcNow;
            var both = await Task.WhenAll(Arrivals.OfAsync(left, began), Arrivals.OfAsync(right, began));
            frameGaps.Add(both.Max(arrivals => Arrivals.LongestGap(arrivals.Frames, began, ended).TotalMilliseconds));
            soundGaps.Add(both.Max(arrivals => Arrivals.LongestGap(arrivals.Sound, began, ended).TotalMilliseconds));
        }

        Print("30 % of packets lost: longest gap in frames in 10 s, either side", frameGaps);
        Print("30 % of packets lost: longest gap in sound in 10 s, either side", soundGaps);
    }

    [Theory(Explicit = true)]
    [InlineData(5)]
    [InlineData(30)]
    public Task With_a_Firefox_line_cut_for_seconds(int seconds) =>
        MeasureWithFirefoxAsync($"line cut for {seconds} s", () => Trouble.CutAsync(TimeSpan.FromSeconds(seconds)));

    [Fact(Explicit = true)]
    public Task With_a_Firefox_cable_pulled_for_5_seconds() =>
        MeasureWithFirefoxAsync("cable pulled for 5 s", () => Trouble.UnplugAsync(TimeSpan.FromSeconds(5)));

    [Fact(Explicit = true)]
    public Task With_a_Firefox_change_of_network() => MeasureWithFirefoxAsync("change of network", Trouble.MoveAsync);

    [Fact(Explicit = true)]
    public Task With_a_Firefox_new_public_address() => MeasureWithFirefoxAsync("new public address", Trouble.RenumberAsync);

    private async Task MeasureWithFirefoxAsync(string trouble, Func<Task<DateTimeOffset>> befall)
    {
        await using var left = await Firefox.LaunchAsync("left-firefox", Stage.FirefoxIn(Lab.Left, Arrivals.ProbeOptions));
        var right = await CallFromAsync(left, Arrivals.ProbeOptions);
        await Task.Delay(Calm, TestContext.Current.CancellationToken);
        var what = $"with a Firefox, {trouble}";
        List<double> back = [];
        for (var i = 0; i < Repetitions; i++)
        {
            back.Add(await BackAfterAsync(what, i, befall, left, right));
        }

        Print($"{what}: picture and sound back at both sides", back);
    }

    private async Task MeasureAsync(string what, Func<Task<DateTimeOffset>> trouble, bool anew = false)
    {
        var (left, right) = await CalmCallAsync();
        List<double> back = [];
        for (var i = 0; i < Repetitions; i++)
        {
            if (anew && i > 0)
            {
                await Task.WhenAll(left.Page.CloseAsync(), right.Page.CloseAsync());
                Room = $"lab-{Guid.NewGuid():N}";
                (left, right) = await CalmCallAsync();
            }

            back.Add(await BackAfterAsync(what, i, trouble, left, right));
        }

        Print($"{what}: picture and sound back at both sides", back);
    }

    private static async Task<double> BackAfterAsync(string what, int number, Func<Task<DateTimeOffset>> trouble, IMediaWitness left, IMediaWitness right)
    {
        var began = DateTimeOffset.UtcNow;
        var whole = await trouble();
        try
        {
            await MediaProof.SeeAndHearEachOtherAsync(left, right);
        }
        catch (TimeoutException)
        {
            await LeaveTimelineAsync(what, number, whole, await Arrivals.OfAsync(left, began), await Arrivals.OfAsync(right, began));
            throw;
        }

        await Task.Delay(Calm, TestContext.Current.CancellationToken);
        var since = began - TimeSpan.FromSeconds(1);
        var (atLeft, atRight) = (await Arrivals.OfAsync(left, since), await Arrivals.OfAsync(right, since));
        await LeaveTimelineAsync(what, number, whole, atLeft, atRight);
        return Math.Max(Back(atLeft, whole), Back(atRight, whole));
    }

    private async Task<(Person Left, Person Right)> CalmCallAsync()
    {
        var call = await CallAsync(Arrivals.ProbeOptions);
        await Task.Delay(Calm, TestContext.Current.CancellationToken);
        return call;
    }

    // Both picture and sound, for good: the end of the last gap.
    private static double Back(Arrivals arrivals, DateTimeOffset whole) =>
        ((IReadOnlyList<long>[])[arrivals.Frames, arrivals.Sound])
        .Max(times => Math.Max(0, (Arrivals.LastGap(times, Gap)?.To ?? 0) - whole.ToUnixTimeMilliseconds()));

    // Where the time went: what either page went through, in milliseconds after the network was whole.
    private static Task LeaveTimelineAsync(string what, int number, DateTimeOffset whole, Arrivals left, Arrivals right)
    {
        var lines = ((IReadOnlyList<(string Side, Arrivals Arrivals)>)[("left", left), ("right", right)])
            .SelectMany(side => side.Arrivals.Events.Select(text => (side.Side, Text: text))
                .Concat(Gaps(side.Side, "picture", side.Arrivals.Frames))
                .Concat(Gaps(side.Side, "sound", side.Arrivals.Sound)))
            .Select(entry => (At: long.Parse(entry.Text.Split(' ')[0], CultureInfo.InvariantCulture) - whole.ToUnixTimeMilliseconds(), entry.Side, entry.Text))
            .OrderBy(entry => entry.At)
            .Select(entry => $"{entry.At,7} {entry.Side,-5} {entry.Text[(entry.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..]}");
        return File.WriteAllLinesAsync(Path.Combine(Repository.ArtifactsOf("timelines"), $"{what.Replace(' ', '-')}-{number}.txt"), lines);
    }

    private static IEnumerable<(string Side, string Text)> Gaps(string side, string what, IReadOnlyList<long> times) =>
        Arrivals.LastGap(times, Gap) is { } gap ? [(side, $"{gap.From} {what} stops"), (side, $"{gap.To} {what} is back")] : [];

    private static void Print(string what, List<double> milliseconds) => Measured.Print(what, milliseconds, "ms");
}
