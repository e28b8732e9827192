namespace Parley.Turn;

/// <summary>
/// Names an allocation within its shard. <see cref="Index"/> is small, dense and reused, so an engine may keep its own data in
/// arrays beside the shard's; <see cref="Generation"/> differs each time, so a stale id finds nothing.
/// </summary>
/// <param name="Index">0 up to <see cref="TurnSettings.MaxAllocations"/>, exclusive.</param>
/// <param name="Generation">Never 0 for an allocation that was made.</param>
public readonly record struct AllocationId(int Index, uint Generation)
{
    /// <summary>Names no allocation.</summary>
    public static AllocationId None => default;
}
