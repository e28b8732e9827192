namespace Parley.Turn;

/// <summary>An allocation of this server that is another allocation's peer, perhaps in another shard.</summary>
/// <param name="Shard">The <see cref="TurnShard.Number"/> of its shard.</param>
/// <param name="Allocation">The allocation within that shard.</param>
public readonly record struct HandOverTarget(int Shard, AllocationId Allocation);
