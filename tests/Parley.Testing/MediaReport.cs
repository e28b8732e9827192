using System.Text.Json;

namespace Parley.Testing;

/// <summary>What a page's newest peer connection says of itself (its getStats), and what its remote video elements have shown.</summary>
/// <param name="ConnectionState">The connection's state in the browser's words.</param>
/// <param name="Pair">The candidate pair in use; null before there is one.</param>
/// <param name="FramesShown">Frames that video elements playing a received track have shown.</param>
/// <param name="FramesDecoded">Video frames received and decoded.</param>
/// <param name="FrameWidth">Width of the received picture in pixels.</param>
/// <param name="FrameHeight">Height of the received picture in pixels.</param>
/// <param name="AudioPacketsReceived">RTP packets of sound received.</param>
/// <param name="AudioEnergy">Energy of the sound received since the start; above zero only if it was not silence.</param>
/// <param name="FramesSent">Video frames sent.</param>
/// <param name="AudioPacketsSent">RTP packets of sound sent.</param>
/// <param name="AudioSamples">Samples of sound played.</param>
/// <param name="AudioSamplesConcealed">Those of them that had not arrived and were made up, silence not counted.</param>
/// <param name="Estimate">What the browser believes it can send, in bits per second; 0 where it does not say.</param>
public sealed record MediaReport(
    string ConnectionState,
    CandidatePairReport? Pair,
    long FramesShown,
    long FramesDecoded,
    int FrameWidth,
    int FrameHeight,
    long AudioPacketsReceived,
    double AudioEnergy,
    long FramesSent,
    long AudioPacketsSent,
    long AudioSamples,
    long AudioSamplesConcealed,
    double Estimate)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    /// <summary>The script that has to run in a page before its own ones, for <c>window.parleyProbe.report()</c> to answer.</summary>
    internal static string ProbeScript { get; } = ReadProbeScript();

    /// <summary>What the probe answered; null where there was no peer connection to ask.</summary>
    internal static MediaReport? From(JsonElement? answer) =>
        answer is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<MediaReport>(CamelCase) : null;

    private static string ReadProbeScript()
    {
        using var stream = typeof(MediaReport).Assembly.GetManifestResourceStream("media-probe.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>The candidate pair a call runs over.</summary>
/// <param name="Local">Type of the local candidate: host, srflx, prflx or relay.</param>
/// <param name="Remote">Type of the remote candidate.</param>
/// <param name="Protocol">udp or tcp, between the two candidates.</param>
/// <param name="RelayProtocol">How the browser reaches its relay: udp, tcp or tls; null where the local candidate is no relay's.</param>
public sealed record CandidatePairReport(string Local, string Remote, string Protocol, string? RelayProtocol)
{
    /// <summary>What the page should say of it.</summary>
    public string Path => Local == "relay" || Remote == "relay" ? "relayed" : "direct";
}
