using System.Buffers.Binary;
using System.Text;

namespace Parley.SocketIo.WebSockets;

/// <summary>Writes a server's frames: one for each message, not masked. RFC 6455 section 5.</summary>
public static class WebSocketWriter
{
    private const int MaxCloseWordsBytes = 123;

    /// <summary>Bytes of a frame with a payload of so many.</summary>
    public static int Measure(int length) => length + (length < 126 ? 2 : length <= ushort.MaxValue ? 4 : 10);

    /// <summary>Writes a frame. Returns its bytes.</summary>
    public static int Write(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, Span<byte> to)
    {
        var size = Measure(payload.Length);
        to[0] = (byte)(0x80 | (byte)opcode);
        switch (size - payload.Length)
        {
            case 2:
                to[1] = (byte)payload.Length;
                break;
            case 4:
                to[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)payload.Length);
                break;
            default:
                to[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(to[2..], payload.Length);
                break;
        }

        payload.CopyTo(to[(size - payload.Length)..]);
        return size;
    }

    /// <summary>The payload of a close frame.</summary>
    /// <param name="code">Why.</param>
    /// <param name="words">Why, for people: ASCII, at most 123 characters.</param>
    public static byte[] Close(int code, string words)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(words.Length, MaxCloseWordsBytes);
        var payload = new byte[2 + words.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.ASCII.GetBytes(words, payload.AsSpan(2));
        return payload;
    }
}
