using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary>The array that <c>epoll_wait</c> fills. <c>struct epoll_event</c> is packed on x86-64 and nowhere else.</summary>
internal sealed unsafe class EpollEvents(int capacity) : IDisposable
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + sizeof(long);

    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * Stride));

    /// <summary>Waits until something is ready or the time is over; zero when it is over or a signal came.</summary>
    public int Wait(int epoll, int timeoutMs) => Math.Max(0, LibC.EpollWait(epoll, _events, capacity, timeoutMs));

    /// <summary>What was registered with the descriptor of event <paramref name="index"/>.</summary>
    public long this[int index] => *(long*)(_events + ((long)index * Stride) + DataOffset);

    /// <summary>Whether the descriptor of event <paramref name="index"/> has an error waiting.</summary>
    public bool IsError(int index) => (*(uint*)(_events + ((long)index * Stride)) & Constants.EpollError) != 0;

    /// <summary>Watches a descriptor for input, level-triggered.</summary>
    public static bool Add(int epoll, int descriptor, long data)
    {
        var bytes = stackalloc byte[Stride];
        *(uint*)bytes = Constants.EpollIn;
        *(long*)(bytes + DataOffset) = data;
        return LibC.EpollCtl(epoll, Constants.EpollAdd, descriptor, bytes) == 0;
    }

    public void Dispose() => NativeMemory.Free(_events);
}
