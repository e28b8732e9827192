using System.Diagnostics;
using System.Text.Json;

namespace Parley.Testing;

/// <summary>Somebody whose browser can be asked what media arrives in it.</summary>
public interface IMediaWitness
{
    /// <summary>What the test calls them.</summary>
    string Name { get; }

    /// <summary>What the page's newest peer connection reports now; null while it has none.</summary>
    Task<MediaReport?> ReportAsync();

    /// <summary>When frames and sound came since a moment in Unix milliseconds, as <see cref="Arrivals"/> has it; needs the probe's option for it.</summary>
    Task<JsonElement> ArrivalsAsync(long since);

    /// <summary>By which way the page says that its call goes, <c>data-path</c>; null while it does not say.</summary>
    Task<string?> PathAsync();
}

/// <summary>Proofs that media flows, from the browser's own statistics and from what its video elements were given.</summary>
public static class MediaProof
{
    /// <summary>Waits until the media report satisfies a condition.</summary>
    public static async Task<MediaReport> ReportWhenAsync(this IMediaWitness witness, Func<MediaReport, bool> satisfied, string what, TimeSpan? limit = null) =>
        (await Wait.UntilAsync(witness.ReportAsync, report => report is not null && satisfied(report), $"{witness.Name}: {what}", limit))!;

    /// <summary>Proves that the other's picture moves here: further frames are decoded and shown.</summary>
    public static async Task SeesMovingPictureAsync(this IMediaWitness witness, int furtherFrames = 10)
    {
        var first = await witness.ReportWhenAsync(report => report.FramesShown > 0, "the first remote frame is shown");
        await witness.ReportWhenAsync(
            report => report.FramesShown >= first.FramesShown + furtherFrames && report.FramesDecoded >= first.FramesDecoded + furtherFrames,
            $"remote frames advance by {furtherFrames}");
    }

    /// <summary>Proves that the other's sound arrives here, and that it is not silence.</summary>
    public static async Task HearsSoundAsync(this IMediaWitness witness)
    {
        var first = await witness.ReportWhenAsync(report => report.AudioPacketsReceived > 0, "the first packet of sound arrives");
        await witness.ReportWhenAsync(
            report => report.AudioPacketsReceived >= first.AudioPacketsReceived + 20 && report.AudioEnergy > first.AudioEnergy,
            "sound goes on arriving and is not silence");
    }

    /// <summary>Proves that picture and sound go both ways between two people.</summary>
    public static Task SeeAndHearEachOtherAsync(IMediaWitness one, IMediaWitness other) =>
        Task.WhenAll(one.SeesMovingPictureAsync(), other.SeesMovingPictureAsync(), one.HearsSoundAsync(), other.HearsSoundAsync());

    /// <summary>Proves that nothing is to be heard any more: for a second on end the sound played has no energy.</summary>
    public static async Task HearsSilenceAsync(this IMediaWitness witness)
    {
        // What was said before may still be in the jitter buffer.
        var energy = double.NaN;
        var quiet = Stopwatch.StartNew();
        await witness.ReportWhenAsync(
            report =>
            {
                if (!(report.AudioEnergy - energy < 1e-9))
                {
                    energy = report.AudioEnergy;
                    quiet.Restart();
                }

                return quiet.Elapsed > TimeSpan.FromSeconds(1);
            },
            "silence");
    }
}
