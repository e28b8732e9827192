using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Parley.Fuzzing;

/// <summary>
/// Which branches an input took and how often, in AFL's way: a map of 64 KiB that the instrumented code counts in. How often is
/// kept in eight steps, so that a loop that runs once more is no news and one that runs twice as often is.
/// </summary>
internal sealed unsafe class Coverage : IDisposable
{
    private const int Size = 1 << 16;

    private readonly byte[] _seen = new byte[Size];
    private byte* _map = (byte*)NativeMemory.AllocZeroed(Size);

    public Coverage() => Trace.SharedMem = _map;

    /// <summary>Branches taken by any input so far.</summary>
    public int Branches => _seen.Count(steps => steps != 0);

    public void Reset()
    {
        new Span<byte>(_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Adds what the input just run has taken; true if anything of it is new.</summary>
    public bool Merge()
    {
        var isNew = false;
        for (var i = 0; i < Size; i += sizeof(ulong))
        {
            if (*(ulong*)(_map + i) == 0)
            {
                continue;
            }

            for (var j = i; j < i + sizeof(ulong); j++)
            {
                var step = StepOf(_map[j]);
                isNew |= (_seen[j] & step) != step;
                _seen[j] |= step;
            }
        }

        return isNew;
    }

    public void Dispose()
    {
        Trace.SharedMem = null;
        NativeMemory.Free(_map);
        _map = null;
    }

    private static byte StepOf(byte count) => count switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
