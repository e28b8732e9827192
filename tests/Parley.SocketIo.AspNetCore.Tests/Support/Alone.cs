namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>Tests that measure the memory of the whole process run by themselves: what others use comes and goes by megabytes.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>Bytes of the objects that are in use, after a collection of all others.</summary>
    /// <remarks>Not GC.GetTotalMemory: where pinned objects are left in the youngest generation, that takes the gaps between them off twice.</remarks>
    public static long BytesInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return heap.HeapSizeBytes - heap.FragmentedBytes;
    }
}
