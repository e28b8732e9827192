using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Parley.Bench.SocketIo;

/// <summary>Tells which of many sockets are ready: one thread without locks leaves the core to the load. Linux only.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int Capacity = 512;
    private const int AddOperation = 1;
    private const int ModifyOperation = 3;
    private const uint In = 1;
    private const uint Out = 4;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + sizeof(long);

    private readonly int _epoll = Create(0);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * Stride));

    /// <summary>What the ready socket of event <paramref name="index"/> was watched with.</summary>
    public int this[int index] => (int)*(long*)(_events + ((long)index * Stride) + DataOffset);

    public void WatchForConnected(Socket socket, int data) => Control(AddOperation, socket, data, Out);

    public void WatchForInput(Socket socket, int data) => Control(ModifyOperation, socket, data, In);

    public int Wait(int timeoutMs) => Math.Max(0, Wait(_epoll, _events, Capacity, timeoutMs));

    public void Dispose()
    {
        _ = Close(_epoll);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, Socket socket, int data, uint events)
    {
        var bytes = stackalloc byte[Stride];
        *(uint*)bytes = events;
        *(long*)(bytes + DataOffset) = data;
        if (Control(_epoll, operation, (int)socket.Handle, bytes) != 0)
        {
            throw new InvalidOperationException($"epoll_ctl failed with error {Marshal.GetLastSystemError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(int epoll, int operation, int descriptor, void* epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(int epoll, void* events, int maxEvents, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
