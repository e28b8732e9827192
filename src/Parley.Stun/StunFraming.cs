using System.Buffers;
using System.Buffers.Binary;

namespace Parley.Stun;

/// <summary>What a look at a stream's next bytes showed.</summary>
public enum StunFrameStatus
{
    /// <summary>A whole frame is there.</summary>
    Complete,

    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>These bytes are neither STUN nor ChannelData, or the frame is longer than allowed: the stream cannot be read on and is to be closed.</summary>
    Malformed,
}

/// <summary>
/// STUN and ChannelData messages on TCP and TLS, where they follow each other without further framing. RFC 8489 section 6.2.2;
/// ChannelData is padded to four bytes, RFC 8656 section 12.5.
/// </summary>
public static class StunFraming
{
    private const int MinHeaderSize = 4;
    private const int CookieEnd = 8;

    /// <summary>
    /// Takes the next frame off the buffer: a STUN message, or ChannelData without its padding. The size limit is checked as
    /// soon as four bytes are there, so a caller never buffers more than <paramref name="maxFrameBytes"/>.
    /// </summary>
    public static StunFrameStatus TryReadFrame(ref ReadOnlySequence<byte> buffer, int maxFrameBytes, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        Span<byte> start = stackalloc byte[CookieEnd];
        start = start[..(int)Math.Min(CookieEnd, buffer.Length)];
        buffer.Slice(0, start.Length).CopyTo(start);

        var status = Measure(start, maxFrameBytes, out var size, out var paddedSize);
        if (status != StunFrameStatus.Complete)
        {
            return status;
        }

        if (buffer.Length < paddedSize)
        {
            return StunFrameStatus.Incomplete;
        }

        frame = buffer.Slice(0, size);
        buffer = buffer.Slice(paddedSize);
        return StunFrameStatus.Complete;
    }

    /// <summary>As the other overload, on contiguous bytes: <paramref name="consumed"/> says where the next frame begins.</summary>
    public static StunFrameStatus TryReadFrame(ReadOnlySpan<byte> buffer, int maxFrameBytes, out ReadOnlySpan<byte> frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        var status = Measure(buffer, maxFrameBytes, out var size, out var paddedSize);
        if (status != StunFrameStatus.Complete)
        {
            return status;
        }

        if (buffer.Length < paddedSize)
        {
            return StunFrameStatus.Incomplete;
        }

        frame = buffer[..size];
        consumed = paddedSize;
        return StunFrameStatus.Complete;
    }

    // Complete means here: the sizes are known. The cookie is checked as soon as it has arrived.
    private static StunFrameStatus Measure(ReadOnlySpan<byte> start, int maxFrameBytes, out int size, out int paddedSize)
    {
        size = paddedSize = 0;
        if (start.Length > 0 && !StunHeader.CanBegin(start[0]) && !ChannelData.CanBegin(start[0]))
        {
            return StunFrameStatus.Malformed;
        }

        if (start.Length < MinHeaderSize)
        {
            return StunFrameStatus.Incomplete;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(start[2..]);
        var isChannelData = ChannelData.CanBegin(start[0]);
        size = isChannelData ? ChannelData.HeaderSize + length : StunHeader.Size + length;
        paddedSize = StunHeader.Padded(size);
        if (size > maxFrameBytes || (!isChannelData && size != paddedSize))
        {
            return StunFrameStatus.Malformed;
        }

        return !isChannelData && start.Length >= CookieEnd && BinaryPrimitives.ReadUInt32BigEndian(start[4..]) != StunHeader.MagicCookie
            ? StunFrameStatus.Malformed
            : StunFrameStatus.Complete;
    }
}
