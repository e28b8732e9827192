namespace Parley.Turn.Hosting;

/// <summary>What a server holds at one moment. After its last client has gone every number is zero.</summary>
/// <param name="Inventory">What the shards hold.</param>
/// <param name="BoundPorts">Ports of the relay range that the engines have bound.</param>
/// <param name="Sockets">Sockets that the engines poll for relays.</param>
/// <param name="Streams">Connections on TCP and TLS.</param>
/// <param name="Faults">Errors of our own that engines survived.</param>
internal sealed record TurnSnapshot(TurnInventory Inventory, int BoundPorts, int Sockets, int Streams, long Faults)
{
    public static TurnSnapshot Of(EngineGroup group, IReadOnlyList<RelayEngine> engines) => new(
        group.Registry.TakeInventory(),
        group.PortsInUse,
        engines.Sum(engine => engine.RelaySocketCount),
        engines.Sum(engine => engine.StreamCount),
        engines.Sum(engine => engine.Counters.Faults));
}
