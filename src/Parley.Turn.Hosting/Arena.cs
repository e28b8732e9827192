using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting;

/// <summary>Native bytes that are handed out in order and taken back all at once.</summary>
internal sealed unsafe class Arena(int capacity) : IDisposable
{
    private const int Alignment = 64;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
    private int _used;

    public bool HasRoom(int bytes) => bytes <= capacity - _used;

    /// <summary>The next bytes; the caller has made sure that there is room.</summary>
    public byte* Take(int bytes)
    {
        var start = _memory + _used;
        _used = Math.Min(capacity, (_used + bytes + Alignment - 1) & -Alignment);
        return start;
    }

    public bool Contains(byte* address) => address >= _memory && address < _memory + capacity;

    public void Reset() => _used = 0;

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
