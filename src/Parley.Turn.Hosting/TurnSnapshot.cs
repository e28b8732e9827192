namespace Parley.Turn.Hosting;

/// <summary>What a server holds at one moment. After its last client has gone every number is zero.</summary>
/// <param name="Allocations">Allocations of all shards, reserved ports included.</param>
/// <param name="RelayPorts">Ports of the relay range in use.</param>
/// <param name="Sockets">Sockets that the engines poll for relays.</param>
/// <param name="Streams">Connections on TCP and TLS.</param>
/// <param name="Faults">Errors of our own that engines survived.</param>
internal sealed record TurnSnapshot(int Allocations, int RelayPorts, int Sockets, int Streams, long Faults)
{
    public static TurnSnapshot Of(EngineGroup group, IReadOnlyList<RelayEngine> engines) => new(
        group.Registry.AllocationCount,
        group.PortsInUse,
        engines.Sum(engine => engine.RelaySocketCount),
        engines.Sum(engine => engine.StreamCount),
        engines.Sum(engine => engine.Counters.Faults));
}
