namespace Parley.Turn;

/// <summary>What a server holds at the moment, over all its shards. All zero when nobody uses it, save revocations, which last until what they cover has expired.</summary>
/// <param name="Allocations">Allocations, those being set up included, and ports reserved for one.</param>
/// <param name="Users">Users who have one.</param>
/// <param name="ClientAddresses">Client addresses (IPv6: /64 prefixes) that have one.</param>
/// <param name="Reservations">Ports reserved for a later allocation.</param>
/// <param name="RelayedPorts">Relayed transport addresses in use.</param>
/// <param name="Revocations">Users some of whose credentials are revoked.</param>
public readonly record struct TurnInventory(int Allocations, int Users, int ClientAddresses, int Reservations, int RelayedPorts, int Revocations);
