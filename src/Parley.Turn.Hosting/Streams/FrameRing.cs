using System.Buffers;
using System.Numerics;

namespace Parley.Turn.Hosting.Streams;

/// <summary>Frames in a ring of bytes that grows as it is used, up to a bound. First in, first out. Not for several threads.</summary>
internal sealed class FrameRing(int maxBytes)
{
    private const int FirstBytes = 4096;

    private readonly Queue<(int Size, long AddedMs)> _frames = new();
    private byte[] _bytes = [];
    private int _first;
    private int _used;

    public int Count => _frames.Count;

    /// <summary>Bytes that may still be added.</summary>
    public int Free => maxBytes - _used;

    /// <summary>When the oldest frame was added.</summary>
    public long OldestMs => _frames.Peek().AddedMs;

    /// <summary>On a stream every message ends on a multiple of four bytes. RFC 8656 section 12.5.</summary>
    public static int PaddedSize(int size) => (size + 3) & ~3;

    /// <summary>Adds a frame in two pieces. The caller has made sure that it is <see cref="Free"/>.</summary>
    public void Add(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, long nowMs)
    {
        var size = PaddedSize(header.Length + payload.Length);
        EnsureRoom(size);
        Write(_used, header);
        Write(_used + header.Length, payload);
        Write(_used + header.Length + payload.Length, stackalloc byte[size - header.Length - payload.Length]);
        _used += size;
        _frames.Enqueue((size, nowMs));
    }

    /// <summary>Moves the oldest frame to <paramref name="output"/> and returns its size.</summary>
    public int Take(IBufferWriter<byte> output)
    {
        var size = _frames.Peek().Size;
        var toEnd = Math.Min(size, _bytes.Length - _first);
        output.Write(_bytes.AsSpan(_first, toEnd));
        output.Write(_bytes.AsSpan(0, size - toEnd));
        return Skip();
    }

    /// <summary>Forgets the oldest frame and returns its size.</summary>
    public int Skip()
    {
        var size = _frames.Dequeue().Size;
        _first = (_first + size) % _bytes.Length;
        _used -= size;
        return size;
    }

    private void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        var start = (_first + offset) % _bytes.Length;
        var toEnd = Math.Min(bytes.Length, _bytes.Length - start);
        bytes[..toEnd].CopyTo(_bytes.AsSpan(start));
        bytes[toEnd..].CopyTo(_bytes);
    }

    private void EnsureRoom(int size)
    {
        if (_used + size <= _bytes.Length)
        {
            return;
        }

        var larger = new byte[Math.Max(FirstBytes, (int)BitOperations.RoundUpToPowerOf2((uint)(_used + size)))];
        var toEnd = Math.Min(_used, _bytes.Length - _first);
        _bytes.AsSpan(_first, toEnd).CopyTo(larger);
        _bytes.AsSpan(0, _used - toEnd).CopyTo(larger.AsSpan(toEnd));
        (_bytes, _first) = (larger, 0);
    }
}
