using System.Diagnostics.Metrics;
using Parley.Stun;

namespace Parley.Turn.Hosting;

/// <summary>
/// The relay's instruments, on the meter <c>Parley.Turn</c>. All are read when somebody looks, from counters that the threads
/// keep anyway; the data path does not know about them.
/// </summary>
internal sealed class TurnMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Parley.Turn";

    private static readonly StunErrorCode[] ErrorCodes = [.. Enum.GetValues<StunErrorCode>().Where(code => code != StunErrorCode.None)];

    private readonly Meter _meter;

    public TurnMetrics(IMeterFactory meters) => _meter = meters.Create(MeterName);

    public void Dispose() => _meter.Dispose();

    /// <summary>Makes the instruments.</summary>
    public void Observe(TurnServer server)
    {
        _meter.CreateObservableUpDownCounter("turn.allocations", () => server.Snapshot.Inventory.Allocations, "{allocation}", "Allocations that live now.");
        _meter.CreateObservableUpDownCounter("turn.relay.ports", () => server.Snapshot.BoundPorts, "{port}", "Relay ports in use.");
        _meter.CreateObservableUpDownCounter("turn.streams", () => server.Streams.Count, "{connection}", "Connections on TCP and TLS.");
        _meter.CreateObservableCounter("turn.allocations.created", () => Sum(server, counters => counters.AllocationsCreated), "{allocation}", "Allocations granted.");
        _meter.CreateObservableCounter("turn.allocations.ended", () => ByReason<AllocationEndReason>(server, "reason", (counters, reason) => counters.AllocationsEnded(reason)), "{allocation}", "Allocations ended, by reason.");
        _meter.CreateObservableCounter("turn.relayed", () => ByTransport(server, c => c.BytesFromClients, c => c.BytesFromPeers), "By", "Data relayed, by the client's transport and direction; headers left out.");
        _meter.CreateObservableCounter("turn.relayed.packets", () => ByTransport(server, c => c.PacketsFromClients, c => c.PacketsFromPeers), "{packet}", "Datagrams relayed, by the client's transport and direction.");
        _meter.CreateObservableCounter("turn.handed_over.packets", () => Sum(server, counters => counters.PacketsHandedOver), "{packet}", "Datagrams that went from one allocation to another within the process.");
        _meter.CreateObservableCounter("turn.bindings", () => Sum(server, counters => counters.BindingsAnswered), "{request}", "STUN Binding requests answered.");
        _meter.CreateObservableCounter("turn.refusals", () => Refusals(server), "{response}", "Error responses, by STUN error code.");
        _meter.CreateObservableCounter("turn.drops", () => Drops(server), "{packet}", "Datagrams and messages dropped, by reason.");
        _meter.CreateObservableCounter("turn.streams.refused", () => server.Streams.Refused, "{connection}", "Connections on TCP and TLS turned away: too many.");
        _meter.CreateObservableCounter("turn.engine.faults", () => server.Snapshot.Faults, "{fault}", "Errors of the relay's own that it survived.");
    }

    private static long Sum(TurnServer server, Func<TurnCounters, long> read) => server.Engines.Sum(engine => read(engine.Shard.Counters));

    private static IEnumerable<Measurement<long>> ByReason<T>(TurnServer server, string tag, Func<TurnCounters, T, long> read)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(reason => Measured(Sum(server, counters => read(counters, reason)), tag, Words(reason.ToString())));

    private static IEnumerable<Measurement<long>> ByTransport(TurnServer server, Func<TurnCounters, Func<TransportProtocol, long>> fromClients, Func<TurnCounters, Func<TransportProtocol, long>> fromPeers)
    {
        foreach (var transport in Enum.GetValues<TransportProtocol>())
        {
            var name = Words(transport.ToString());
            yield return Measured(Sum(server, counters => fromClients(counters)(transport)), "network.transport", name, "from_client");
            yield return Measured(Sum(server, counters => fromPeers(counters)(transport)), "network.transport", name, "to_client");
        }
    }

    private static IEnumerable<Measurement<long>> Refusals(TurnServer server) =>
        ErrorCodes.Select(code => Measured(Sum(server, counters => counters.Refusals(code)), "error.type", ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .Where(measurement => measurement.Value > 0);

    private static IEnumerable<Measurement<long>> Drops(TurnServer server) =>
        ByReason<TurnDropReason>(server, "reason", (counters, reason) => counters.Drops(reason)).Concat(
        [
            Measured(server.Engines.Sum(engine => engine.Counters.SendBufferFull), "reason", "send_buffer_full"),
            Measured(server.Engines.Sum(engine => engine.Counters.SendRefused), "reason", "send_refused"),
            Measured(server.Engines.Sum(engine => engine.Counters.HandOverFull), "reason", "hand_over_full"),
            Measured(server.Engines.Sum(engine => engine.Counters.StreamDropped), "reason", "stream_too_slow"),
        ]);

    private static Measurement<long> Measured(long value, string tag, string tagValue, string? direction = null) => direction is null
        ? new(value, new KeyValuePair<string, object?>(tag, tagValue))
        : new(value, new(tag, tagValue), new("direction", direction));

    /// <summary>NoPermission becomes no_permission, as tag values are written.</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : letter.ToString()));
}
