using System.Buffers.Binary;

namespace Parley.Stun;

/// <summary>The ChannelData message: four bytes in front of the data. RFC 8656 section 12.4.</summary>
public static class ChannelData
{
    /// <summary>Size in bytes of channel number and length.</summary>
    public const int HeaderSize = 4;

    /// <summary>Lowest channel number.</summary>
    public const ushort MinChannel = 0x4000;

    /// <summary>Highest channel number. RFC 8656 says 0x4FFF; clients of RFC 5766, coturn's among them, use numbers up to this one.</summary>
    public const ushort MaxChannel = 0x7FFF;

    /// <summary>Whether a message that begins with this byte is ChannelData.</summary>
    public static bool CanBegin(byte first) => first is >= 0x40 and < 0x80;

    /// <summary>
    /// Reads a message that came as one datagram, or one frame of a stream. The data may be empty, and padding may follow it.
    /// False if the datagram is shorter than it claims. RFC 8656 section 12.6.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out ushort channel, out ReadOnlySpan<byte> data)
    {
        if (TryReadHeader(message, out channel, out var length) && HeaderSize + length <= message.Length)
        {
            data = message.Slice(HeaderSize, length);
            return true;
        }

        data = default;
        return false;
    }

    /// <summary>Reads channel number and data length, without looking whether the data is there.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> message, out ushort channel, out int length)
    {
        if (message.Length < HeaderSize || !CanBegin(message[0]))
        {
            (channel, length) = (0, 0);
            return false;
        }

        (channel, length) = (BinaryPrimitives.ReadUInt16BigEndian(message), BinaryPrimitives.ReadUInt16BigEndian(message[2..]));
        return true;
    }

    /// <summary>Writes the four bytes in front of <paramref name="length"/> bytes of data, at most 65535.</summary>
    public static void WriteHeader(Span<byte> header, ushort channel, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, channel);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], checked((ushort)length));
    }
}
