using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Parley.SocketIo.WebSockets;

/// <summary>The head of a client's frame, RFC 6455 section 5.2, checked as far as it goes by itself.</summary>
/// <param name="Opcode">What the frame is.</param>
/// <param name="IsFinal">Whether its message ends with it.</param>
/// <param name="Mask">Four bytes, as they came, that the payload is masked with.</param>
/// <param name="Length">Bytes of the payload.</param>
/// <param name="Size">Bytes of the head itself.</param>
internal readonly record struct WebSocketFrameHeader(WebSocketOpcode Opcode, bool IsFinal, uint Mask, long Length, int Size)
{
    private const int MaxSize = 14;
    private const int MaxControlBytes = 125;

    public bool IsControl => Opcode >= WebSocketOpcode.Close;

    /// <summary>Reads a head. False: it breaks the rules. A <see cref="Size"/> of zero: there is more to come of it.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> input, out WebSocketFrameHeader header)
    {
        var first = input.FirstSpan;
        if (first.Length >= MaxSize || input.IsSingleSegment)
        {
            return TryRead(first, out header);
        }

        Span<byte> copy = stackalloc byte[MaxSize];
        var start = input.Slice(0, Math.Min(MaxSize, input.Length));
        start.CopyTo(copy);
        return TryRead(copy[..(int)start.Length], out header);
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out WebSocketFrameHeader header)
    {
        header = default;
        if (bytes.Length < 2)
        {
            return true;
        }

        var opcode = (WebSocketOpcode)(bytes[0] & 0x0f);
        var isFinal = (bytes[0] & 0x80) != 0;
        long length = bytes[1] & 0x7f;

        // No extension was agreed on that could use the reserved bits, and clients mask.
        if ((bytes[0] & 0x70) != 0 || (bytes[1] & 0x80) == 0 || !IsKnown(opcode) || (opcode >= WebSocketOpcode.Close && (!isFinal || length > MaxControlBytes)))
        {
            return false;
        }

        var size = 2;
        if (length == 126)
        {
            size = 4;
            length = bytes.Length < size ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        }
        else if (length == 127)
        {
            size = 10;
            length = bytes.Length < size ? 0 : BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        }

        if (length < 0)
        {
            return false;
        }

        if (bytes.Length >= size + sizeof(uint))
        {
            header = new WebSocketFrameHeader(opcode, isFinal, MemoryMarshal.Read<uint>(bytes[size..]), length, size + sizeof(uint));
        }

        return true;
    }

    private static bool IsKnown(WebSocketOpcode opcode) => opcode is <= WebSocketOpcode.Binary or (>= WebSocketOpcode.Close and <= WebSocketOpcode.Pong);
}
