using System.Numerics;
using System.Runtime.InteropServices;

namespace Parley.SocketIo.WebSockets;

/// <summary>The masking of a client's payloads, RFC 6455 section 5.3.</summary>
internal static class WebSocketMask
{
    /// <summary>Copies bytes and takes their mask off (or puts it on). Returns the mask for the bytes that follow.</summary>
    public static uint Apply(ReadOnlySpan<byte> from, Span<byte> to, uint mask)
    {
        var at = 0;
        if (from.Length >= Vector<byte>.Count)
        {
            var wide = Vector.AsVectorByte(new Vector<uint>(mask));
            for (; at <= from.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            {
                (new Vector<byte>(from[at..]) ^ wide).CopyTo(to[at..]);
            }
        }

        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in mask));
        for (; at < from.Length; at++)
        {
            to[at] = (byte)(from[at] ^ bytes[at & 3]);
        }

        // The next byte's share of the mask comes first.
        var used = 8 * (from.Length & 3);
        return BitConverter.IsLittleEndian ? BitOperations.RotateRight(mask, used) : BitOperations.RotateLeft(mask, used);
    }
}
