using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Parley.SocketIo.EngineIo;
using Parley.SocketIo.Json;

namespace Parley.SocketIo;

/// <summary>Writes the packets that servers send, each with the digit of the Engine.IO message around it. Every frame is an array of its own that never changes.</summary>
public static class SocketIoPacketWriter
{
    /// <summary>The yes to a CONNECT.</summary>
    /// <param name="namespace">The namespace, <c>/</c> for the default one.</param>
    /// <param name="socketId">The socket's public id.</param>
    public static EngineIoFrame Connect(string @namespace, string socketId) =>
        Text($"40{Prefix(@namespace)}{{\"sid\":\"{socketId}\"}}");

    /// <summary>The no to a CONNECT.</summary>
    /// <param name="namespace">The namespace as the client named it.</param>
    /// <param name="message">What the client's error says.</param>
    /// <param name="data">JSON for the error's <c>data</c>, or empty for none.</param>
    public static EngineIoFrame ConnectError(string @namespace, string message, ReadOnlyMemory<byte> data)
    {
        var writer = new ArrayBufferWriter<byte>();
        writer.Write(Encoding.UTF8.GetBytes($"44{Prefix(@namespace)}"));
        writer.Write("{\"message\":"u8);
        writer.Advance(JsonText.WriteString(message, writer.GetSpan(JsonText.MeasureString(message))));
        if (!data.IsEmpty)
        {
            writer.Write(",\"data\":"u8);
            writer.Write(data.Span);
        }

        writer.Write("}"u8);
        return new EngineIoFrame(writer.WrittenSpan.ToArray(), IsBinary: false);
    }

    /// <summary>The server takes a client out of a namespace.</summary>
    public static EngineIoFrame Disconnect(string @namespace) => Text("41" + Prefix(@namespace));

    /// <summary>An event.</summary>
    /// <param name="namespace">The namespace, <c>/</c> for the default one.</param>
    /// <param name="ackId">Number of the answer that is asked for, or -1.</param>
    /// <param name="name">The event's name, not a reserved one.</param>
    /// <param name="arguments">What follows the name.</param>
    /// <returns>The packet and its attachments, to be sent one after the other.</returns>
    public static SocketIoFrames Event(string @namespace, long ackId, string name, ReadOnlySpan<SocketIoArgument> arguments) =>
        Write(SocketIoPacketType.Event, SocketIoPacketType.BinaryEvent, @namespace, ackId, name, arguments);

    /// <summary>An answer.</summary>
    /// <param name="namespace">The namespace, <c>/</c> for the default one.</param>
    /// <param name="ackId">Number that came with the event.</param>
    /// <param name="arguments">What the answer consists of.</param>
    public static SocketIoFrames Ack(string @namespace, long ackId, ReadOnlySpan<SocketIoArgument> arguments) =>
        Write(SocketIoPacketType.Ack, SocketIoPacketType.BinaryAck, @namespace, ackId, null, arguments);

    private static SocketIoFrames Write(
        SocketIoPacketType type, SocketIoPacketType binaryType, string @namespace, long ackId, string? name, ReadOnlySpan<SocketIoArgument> arguments)
    {
        foreach (ref readonly var argument in arguments)
        {
            if (argument.Attachments is not null)
            {
                return WriteBinary(binaryType, @namespace, ackId, name, arguments);
            }
        }

        var length = 4 + @namespace.Length * 3 + 20 + (name is null ? 0 : JsonText.MeasureString(name) + 1) + arguments.Length;
        foreach (ref readonly var argument in arguments)
        {
            length += argument.Json.Length;
        }

        // Written to a rented buffer first, because the exact length is known only afterwards and a frame holds no spare bytes.
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var written = WriteHeader(type, 0, @namespace, ackId, buffer);
        buffer[written++] = (byte)'[';
        if (name is not null)
        {
            written += JsonText.WriteString(name, buffer.AsSpan(written));
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (i > 0 || name is not null)
            {
                buffer[written++] = (byte)',';
            }

            var json = arguments[i].Json.Span;
            json.CopyTo(buffer.AsSpan(written));
            written += json.Length;
        }

        buffer[written++] = (byte)']';
        var frame = new EngineIoFrame(buffer.AsSpan(0, written).ToArray(), IsBinary: false);
        ArrayPool<byte>.Shared.Return(buffer);
        return new SocketIoFrames(frame, []);
    }

    private static SocketIoFrames WriteBinary(SocketIoPacketType type, string @namespace, long ackId, string? name, ReadOnlySpan<SocketIoArgument> arguments)
    {
        var attachments = new List<ReadOnlyMemory<byte>>();
        var body = new ArrayBufferWriter<byte>();
        body.Write("["u8);
        if (name is not null)
        {
            body.Advance(JsonText.WriteString(name, body.GetSpan(JsonText.MeasureString(name))));
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (i > 0 || name is not null)
            {
                body.Write(","u8);
            }

            BinaryPlaceholders.Renumber(arguments[i].Json.Span, arguments[i].Attachments ?? [], attachments, body);
        }

        body.Write("]"u8);
        if (attachments.Count == 0)
        {
            // Arguments out of a binary event, none of which used an attachment.
            type = type == SocketIoPacketType.BinaryEvent ? SocketIoPacketType.Event : SocketIoPacketType.Ack;
        }

        var header = new byte[4 + 11 + (@namespace.Length * 3) + 20];
        var headerLength = WriteHeader(type, attachments.Count, @namespace, ackId, header);
        var text = new byte[headerLength + body.WrittenCount];
        header.AsSpan(0, headerLength).CopyTo(text);
        body.WrittenSpan.CopyTo(text.AsSpan(headerLength));

        var frames = new EngineIoFrame[attachments.Count];
        for (var i = 0; i < frames.Length; i++)
        {
            // Copied, because what a received event lends is gone when its handler returns.
            frames[i] = new EngineIoFrame(attachments[i].ToArray(), IsBinary: true);
        }

        return new SocketIoFrames(new EngineIoFrame(text, IsBinary: false), frames);
    }

    private static int WriteHeader(SocketIoPacketType type, int attachmentCount, string @namespace, long ackId, Span<byte> to)
    {
        to[0] = (byte)EngineIoPacketType.Message;
        to[1] = (byte)type;
        var written = 2;
        if (attachmentCount > 0)
        {
            _ = Utf8Formatter.TryFormat(attachmentCount, to[written..], out var digits);
            written += digits;
            to[written++] = (byte)'-';
        }

        if (@namespace != "/")
        {
            written += Encoding.UTF8.GetBytes(@namespace, to[written..]);
            to[written++] = (byte)',';
        }

        if (ackId >= 0)
        {
            _ = Utf8Formatter.TryFormat(ackId, to[written..], out var digits);
            written += digits;
        }

        return written;
    }

    private static string Prefix(string @namespace) => @namespace == "/" ? "" : @namespace + ",";

    private static EngineIoFrame Text(string text) => new(Encoding.UTF8.GetBytes(text), IsBinary: false);
}

/// <summary>A packet ready to be sent, with its attachments.</summary>
/// <param name="Text">The packet itself.</param>
/// <param name="Attachments">Binary messages that must follow it, with no other message between.</param>
public readonly record struct SocketIoFrames(EngineIoFrame Text, EngineIoFrame[] Attachments);
