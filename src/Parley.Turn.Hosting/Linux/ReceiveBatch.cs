using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// Slots that <c>recvmmsg</c> fills: each big enough for what GRO coalesces, with headroom before the data for a header that
/// is written in place. One owner; what a slot holds is valid until the slot is received into again.
/// </summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    /// <summary>Free bytes before each datagram: enough for a Data indication's header over IPv6 (48 bytes), and a cache line.</summary>
    public const int Headroom = 64;

    private const int SlotBytes = 65536;

    // Not a power of two: else every slot begins in the same cache sets.
    private const int Stride = Headroom + SlotBytes + 768;

    private readonly byte* _memory;
    private readonly MMsgHdr* _messages;
    private readonly SockAddr* _names;
    private readonly SegmentControl* _controls;

    public ReceiveBatch(int capacity)
    {
        Capacity = capacity;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)capacity * Stride, 64);
        _messages = (MMsgHdr*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(MMsgHdr));
        _names = (SockAddr*)NativeMemory.AllocZeroed((nuint)capacity, SockAddr.Size);
        _controls = (SegmentControl*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(SegmentControl));
        Vectors = (IoVec*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(IoVec));
        for (var i = 0; i < capacity; i++)
        {
            Vectors[i] = new IoVec { Base = _memory + ((long)i * Stride) + Headroom, Length = SlotBytes };
            _messages[i].Header = new MsgHdr { Name = _names + i, Vectors = Vectors + i, VectorCount = 1, Control = (byte*)(_controls + i) };
        }
    }

    public int Capacity { get; }

    private IoVec* Vectors { get; }

    /// <summary>
    /// Fills slots from <paramref name="first"/> on, at most <paramref name="count"/>, without waiting. Fewer than asked for means
    /// the socket is drained; below zero is a negated <c>errno</c>.
    /// </summary>
    public int Receive(int socket, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            // The kernel has overwritten these with what it delivered last time.
            ref var header = ref _messages[i].Header;
            header.NameLength = SockAddr.Size;
            header.ControlLength = (nuint)sizeof(SegmentControl);
        }

        if (count == 1)
        {
            // Half a microsecond cheaper than the batch call for the one datagram that most sockets have.
            var length = LibC.RecvMsg(socket, &_messages[first].Header, Constants.MessageDontWait);
            _messages[first].Length = (uint)length;
            return length >= 0 ? 1 : -LibC.LastError;
        }

        var received = LibC.RecvMMsg(socket, _messages + first, (uint)count, Constants.MessageDontWait, null);
        return received >= 0 ? received : -LibC.LastError;
    }

    public bool Contains(byte* address) => address >= _memory && address < _memory + ((long)Capacity * Stride);

    public byte* Data(int index) => Vectors[index].Base;

    public int Length(int index) => (int)_messages[index].Length;

    public SockAddr* From(int index) => _names + index;

    /// <summary>The size of the datagrams that GRO joined in this slot (the last may be shorter), or the length when it holds one.</summary>
    public int SegmentSize(int index)
    {
        ref readonly var header = ref _messages[index].Header;
        return header.ControlLength != 0 && _controls[index].Level == Constants.LevelUdp && _controls[index].Type == Constants.UdpGro && _controls[index].Value > 0
            ? _controls[index].Value
            : Length(index);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(Vectors);
    }
}
