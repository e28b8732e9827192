using System.Globalization;
using Microsoft.Playwright;
using Parley.Testing;
using Parley.Testing.Textbook;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// From the click to the first picture of the other side, ours and the textbook's in turn, as docs/reliability.md states it. 80 ms round
/// trip to the server, 160 ms between the homes, open routers (the textbook client knows no relay). Run on demand, on a quiet machine:
/// <c>Parley.Lab.Tests -explicit only -method "*JoiningMeasurements*" -showLiveOutput</c>.
/// </summary>
public sealed class JoiningMeasurements(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    // Fewer while developing; what is published has twenty.
    private static readonly int Repetitions =
        int.Parse(Environment.GetEnvironmentVariable("PARLEY_REPETITIONS") ?? "20", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    [Fact(Explicit = true)]
    public async Task From_the_lobby()
    {
        await Lab.Left.SetRouterAsync(RouterKind.Open);
        await Lab.Right.SetRouterAsync(RouterKind.Open);
        Lab.SetLines(new LineConditions { Delay = TimeSpan.FromMilliseconds(40) });

        List<double> ours = [], textbook = [], direct = [], frames = [], sound = [], calmFrames = [], calmSound = [];
        for (var i = 0; i < Repetitions; i++)
        {
            Room = $"joining-{i}-{Guid.NewGuid():N}";
            await MeasureOursAsync(ours, direct, frames, sound, calmFrames, calmSound);
            Room = $"joining-{i}-{Guid.NewGuid():N}";
            textbook.Add(await MeasureTextbookAsync());
        }

        Print("click on Join to the first picture, from the lobby", ours);
        Print("the same, textbook client", textbook);
        Measured.Line($"| ratio of the medians | | {ours.Order().ElementAt(ours.Count / 2) / textbook.Order().ElementAt(textbook.Count / 2):0.00} |");
        Print("click to the direct path", direct);
        Print("longest gap in frames, first 3 s of the call, both sides", frames);
        Print("longest gap in frames, the 3 s after that", calmFrames);
        Print("longest gap in sound, first 3 s of the call, both sides", sound);
        Print("longest gap in sound, the 3 s after that", calmSound);
    }

    private async Task MeasureOursAsync(List<double> first, List<double> direct, List<double> frames, List<double> sound, List<double> calmFrames, List<double> calmSound)
    {
        var (left, right) = (await LeftAsync(Arrivals.ProbeOptions), await RightAsync(Arrivals.ProbeOptions));
        foreach (var person in (Person[])[left, right])
        {
            await person.ReportWhenAsync(report => report is { ConnectionState: "connected", Pair.Local: "relay" }, "warm");
            await Wait.UntilAsync(person.LiveDevicesAsync, live => live > 0, $"{person.Name}: camera and microphone run");
        }

        await left.Call.Join.ClickAsync();
        await right.Call.ReadsAsync("Somebody is here.");
        await Task.Delay(Calm, TestContext.Current.CancellationToken);

        var clicked = await ClickAsync(right.Call.Join);
        var since = DateTimeOffset.FromUnixTimeMilliseconds((long)clicked);
        first.Add(await FirstFrameAsync(right, since) - clicked);
        await Task.WhenAll(GoesAsync(left, "direct"), GoesAsync(right, "direct"));
        await Task.WhenAll(left.HearsSoundAsync(), right.HearsSoundAsync());
        await Task.Delay(2 * Calm, TestContext.Current.CancellationToken);
        foreach (var person in (Person[])[left, right])
        {
            var arrivals = await Arrivals.OfAsync(person, since);
            frames.Add(Gap(arrivals.Frames, 0));
            calmFrames.Add(Gap(arrivals.Frames, Calm.TotalMilliseconds));
            sound.Add(Gap(arrivals.Sound, 0));
            calmSound.Add(Gap(arrivals.Sound, Calm.TotalMilliseconds));
            if (person == right && arrivals.Events.FirstOrDefault(text => text.Contains(" pair ", StringComparison.Ordinal) && !text.Contains("relay", StringComparison.Ordinal)) is { } pair)
            {
                direct.Add(long.Parse(pair.Split(' ')[0], CultureInfo.InvariantCulture) - clicked);
            }

            await person.Page.CloseAsync();
        }
    }

    private async Task<double> MeasureTextbookAsync()
    {
        var left = await ArriveAsync(Stage.Left, "left");
        var right = await ArriveAsync(Stage.Right, "right");
        await TextbookClient.OpenAsync(left, Stage.Server.Address, Room);
        var client = await TextbookClient.OpenAsync(right, Stage.Server.Address, Room);
        var clicked = await ClickAsync(client.Call);
        var took = await FirstFrameAsync(right, DateTimeOffset.FromUnixTimeMilliseconds((long)clicked)) - clicked;
        await left.Page.CloseAsync();
        await right.Page.CloseAsync();
        return took;
    }

    /// <summary>Clicks from within the page, so that the way there is not measured; returns when, on the page's clock.</summary>
    private static Task<double> ClickAsync(ILocator button) =>
        button.EvaluateAsync<double>("button => { const at = performance.timeOrigin + performance.now(); button.click(); return at; }");

    private static async Task<long> FirstFrameAsync(Person person, DateTimeOffset since)
    {
        var arrivals = await Wait.UntilAsync(() => Arrivals.OfAsync(person, since), arrivals => arrivals.Frames.Count > 0, $"{person.Name}: a first frame");
        return arrivals.Frames[0];
    }

    /// <summary>The longest gap within three seconds, which begin some time after the first arrival.</summary>
    private static double Gap(IReadOnlyList<long> times, double after)
    {
        var from = times[0] + after;
        return Arrivals.LongestGap([.. times.Where(time => time >= from && time <= from + Calm.TotalMilliseconds)]).TotalMilliseconds;
    }

    private static void Print(string what, List<double> milliseconds) => Measured.Print(what, milliseconds, "ms");
}
