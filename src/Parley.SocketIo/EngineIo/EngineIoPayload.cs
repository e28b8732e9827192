using System.Buffers;
using System.Buffers.Text;

namespace Parley.SocketIo.EngineIo;

/// <summary>The body of a polling request or answer: packets with the separator U+001E between them, binary ones as <c>b</c> and base64.</summary>
public static class EngineIoPayload
{
    /// <summary>The byte between two packets. It cannot stand inside one: JSON must write it as <c>\u001e</c>.</summary>
    public const byte Separator = 0x1e;

    /// <summary>Takes the first packet off a body. False when the body is used up.</summary>
    /// <remarks>An empty packet (a body that is empty or ends with a separator) comes out as an empty span, which no session accepts.</remarks>
    public static bool TryReadPacket(ref ReadOnlySpan<byte> body, ref bool ended, out ReadOnlySpan<byte> packet)
    {
        if (ended)
        {
            packet = default;
            return false;
        }

        var end = body.IndexOf(Separator);
        ended = end < 0;
        packet = ended ? body : body[..end];
        body = ended ? default : body[(end + 1)..];
        return true;
    }

    /// <summary>How many bytes <see cref="Write"/> will write.</summary>
    public static int Measure(ReadOnlySpan<EngineIoFrame> frames)
    {
        var length = frames.Length - 1;
        foreach (ref readonly var frame in frames)
        {
            length += frame.IsBinary ? 1 + Base64.GetMaxEncodedToUtf8Length(frame.Bytes.Length) : frame.Bytes.Length;
        }

        return length;
    }

    /// <summary>Writes packets as the body of an answer.</summary>
    public static void Write(ReadOnlySpan<EngineIoFrame> frames, IBufferWriter<byte> writer)
    {
        for (var i = 0; i < frames.Length; i++)
        {
            if (i > 0)
            {
                writer.Write([Separator]);
            }

            if (frames[i].IsBinary)
            {
                WriteBase64(frames[i].Bytes.Span, writer);
            }
            else
            {
                writer.Write(frames[i].Bytes.Span);
            }
        }
    }

    /// <summary>A binary message as the text packet <c>b</c> and base64, for clients that asked for text only.</summary>
    public static EngineIoFrame ToText(in EngineIoFrame binary)
    {
        var writer = new ArrayBufferWriter<byte>(1 + Base64.GetMaxEncodedToUtf8Length(binary.Bytes.Length));
        WriteBase64(binary.Bytes.Span, writer);
        return new EngineIoFrame(writer.WrittenMemory, IsBinary: false);
    }

    /// <summary>Reads what stands after the letter <c>b</c>.</summary>
    /// <param name="base64">The text, with padding.</param>
    /// <param name="data">The bytes; empty when the text is not base64.</param>
    public static bool TryDecode(ReadOnlySpan<byte> base64, out byte[] data)
    {
        if (!Base64.IsValid(base64, out var length) || base64.Length % 4 != 0)
        {
            data = [];
            return false;
        }

        data = new byte[length];
        return Base64.DecodeFromUtf8(base64, data, out _, out var written) == OperationStatus.Done && written == length;
    }

    private static void WriteBase64(ReadOnlySpan<byte> data, IBufferWriter<byte> writer)
    {
        var length = 1 + Base64.GetMaxEncodedToUtf8Length(data.Length);
        var span = writer.GetSpan(length);
        span[0] = (byte)EngineIoPacketType.Base64;
        _ = Base64.EncodeToUtf8(data, span[1..], out _, out _);
        writer.Advance(length);
    }
}
