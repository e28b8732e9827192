using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>The best way a call can take between two routers, derived from what the routers do.</summary>
/// <param name="Left">The left home's router.</param>
/// <param name="Right">The right home's router.</param>
internal sealed record BestWay(RouterKind Left, RouterKind Right)
{
    /// <summary>
    /// How many relays it passes. None wherever a packet from outside finds in: behind an open router always, since whoever it comes from is
    /// seen and answered, and else where both know the port they will be seen with. One as long as somebody gets UDP out.
    /// </summary>
    public int Relays => (Left, Right) switch
    {
        _ when !GetsUdpOut(Left) && !GetsUdpOut(Right) => 2,
        _ when !GetsUdpOut(Left) || !GetsUdpOut(Right) => 1,
        (RouterKind.Open, _) or (_, RouterKind.Open) or (RouterKind.PortPreserving, RouterKind.PortPreserving) => 0,
        _ => 1,
    };

    /// <summary>Whether a Firefox takes part: it stays with the first relay that answers, over plain TCP or TLS where both get through.</summary>
    public bool WithFirefox { get; init; }

    /// <summary>What the page says of it.</summary>
    public string Path => Relays == 0 ? "direct" : "relayed";

    /// <summary>Waits until both ends' browsers report this way, and both pages say the same.</summary>
    public async Task<(CandidatePairReport Left, CandidatePairReport Right)> IsTakenAsync(IMediaWitness left, IMediaWitness right) =>
        (await TakesAsync(left, Left), await TakesAsync(right, Right));

    /// <inheritdoc />
    public override string ToString() => $"the best way from {Left} to {Right}: {Relays} relays";

    private async Task<CandidatePairReport> TakesAsync(IMediaWitness person, RouterKind own)
    {
        var report = await person.ReportWhenAsync(report => report.Pair is { } pair && Is(pair, own), ToString());
        await Wait.UntilAsync(person.PathAsync, path => path == Path, $"{person.Name}: the page says {Path}");
        return report.Pair!;
    }

    private bool Is(CandidatePairReport pair, RouterKind own)
    {
        string[] ends = [pair.Local, pair.Remote];
        return ends.Count(type => type == "relay") == Relays
            && (pair.Local == "relay" ? IsRelayTransport(pair.RelayProtocol, own) : GetsUdpOut(own))
            && ((Left, Right) != (RouterKind.Open, RouterKind.Open) || ends is ["host", "host"]);
    }

    private static bool GetsUdpOut(RouterKind router) => router is not (RouterKind.UdpBlocked or RouterKind.OnlyTcp443);

    private bool IsRelayTransport(string? transport, RouterKind router) => router switch
    {
        RouterKind.UdpBlocked => transport == "tcp" || (WithFirefox && transport == "tls"),
        RouterKind.OnlyTcp443 => transport == "tls",
        _ => transport == "udp",
    };
}
