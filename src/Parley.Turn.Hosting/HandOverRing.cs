using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting;

/// <summary>
/// Data on its way from one shard's thread to another's: one writes, one reads, nobody waits. What does not fit is dropped, as a
/// full socket buffer would. The reader works on the bytes in place and then releases them.
/// </summary>
internal sealed unsafe class HandOverRing : IDisposable
{
    private const int Capacity = 1 << 20;
    private const int Alignment = 64;
    private const int HeaderRoom = 64; // at least TurnShard.Headroom, and keeps the data aligned

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Capacity, Alignment);
    private long _written;
    private long _released;
    private long _read;

    /// <summary>Puts a run into the ring. Only the writing thread.</summary>
    public bool TryWrite(AllocationId allocation, in PeerAddress source, in DatagramRun run)
    {
        var size = Round(sizeof(Record) + HeaderRoom + run.Extent + TurnShard.Tailroom);
        var position = (int)(_written & (Capacity - 1));
        var skipped = position + size > Capacity ? Capacity - position : 0;
        if (size > Capacity / 2 || _written + skipped + size - Volatile.Read(ref _released) > Capacity)
        {
            return false;
        }

        if (skipped > 0)
        {
            ((Record*)(_memory + position))->Size = 0;
            position = 0;
        }

        *(Record*)(_memory + position) = new Record
        {
            Size = size,
            Allocation = allocation,
            Source = source,
            Stride = run.Stride,
            Count = run.Count,
            Length = run.Length,
            LastLength = run.LastLength,
            HasHeaderRoom = run.HasHeaderRoom,
        };
        NativeMemory.Copy(run.First, _memory + position + sizeof(Record) + HeaderRoom, (nuint)run.Extent);
        Volatile.Write(ref _written, _written + skipped + size);
        return true;
    }

    /// <summary>Takes the next run; it stays valid until <see cref="Release"/>. Only the reading thread.</summary>
    public bool TryRead(out AllocationId allocation, out PeerAddress source, out DatagramRun run)
    {
        var written = Volatile.Read(ref _written);
        while (_read < written)
        {
            var position = (int)(_read & (Capacity - 1));
            var record = (Record*)(_memory + position);
            if (record->Size == 0)
            {
                _read += Capacity - position;
                continue;
            }

            _read += record->Size;
            (allocation, source) = (record->Allocation, record->Source);
            run = new DatagramRun((byte*)(record + 1) + HeaderRoom, record->Stride, record->Count, record->Length, record->LastLength, record->HasHeaderRoom);
            return true;
        }

        (allocation, source, run) = (default, default, default);
        return false;
    }

    /// <summary>Whether something waits to be read.</summary>
    public bool HasMore => _read < Volatile.Read(ref _written);

    /// <summary>Gives back the room of everything read so far. Only the reading thread.</summary>
    public void Release() => Volatile.Write(ref _released, _read);

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static int Round(int size) => (size + Alignment - 1) & ~(Alignment - 1);

    private struct Record
    {
        public int Size;
        public int Stride;
        public int Count;
        public int Length;
        public int LastLength;
        public bool HasHeaderRoom;
        public AllocationId Allocation;
        public PeerAddress Source;
    }
}
