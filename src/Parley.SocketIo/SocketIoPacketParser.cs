using Parley.SocketIo.Json;

namespace Parley.SocketIo;

/// <summary>
/// Reads the packets that clients send: <c>&lt;type&gt;[&lt;attachments&gt;-][&lt;namespace&gt;,][&lt;ack id&gt;][JSON]</c>. Walks the text once, allocates nothing, never throws.
/// </summary>
/// <remarks>https://socket.io/docs/v4/socket-io-protocol#packet-encoding</remarks>
public static class SocketIoPacketParser
{
    /// <summary>Longest namespace, in bytes.</summary>
    public const int MaxNamespaceBytes = 256;

    // Ack ids are integers that a JavaScript number holds exactly.
    private const long MaxAckId = (1L << 53) - 1;

    /// <summary>Reads one packet.</summary>
    /// <param name="text">The packet, without the digit of the Engine.IO message around it.</param>
    /// <param name="maxDepth">Deepest nesting of the JSON, the array around the arguments included.</param>
    /// <param name="maxAttachments">Most attachments.</param>
    /// <param name="packet">Where its parts lie. Meaningless unless the status is <see cref="SocketIoParseStatus.Ok"/>.</param>
    public static SocketIoParseStatus Parse(ReadOnlySpan<byte> text, int maxDepth, int maxAttachments, out SocketIoPacket packet)
    {
        packet = new SocketIoPacket { AckId = -1 };
        if (text.IsEmpty || (SocketIoPacketType)text[0] is < SocketIoPacketType.Connect or > SocketIoPacketType.BinaryAck or SocketIoPacketType.ConnectError)
        {
            return SocketIoParseStatus.UnknownType;
        }

        packet.Type = (SocketIoPacketType)text[0];
        var position = 1;
        if (packet.Type is SocketIoPacketType.BinaryEvent or SocketIoPacketType.BinaryAck)
        {
            if (!TryReadNumber(text, ref position, maxAttachments, out var attachments) || attachments == 0 || position == text.Length || text[position] != (byte)'-')
            {
                return SocketIoParseStatus.BadAttachmentCount;
            }

            position++;
            packet.AttachmentCount = (int)attachments;
        }

        if (!TryReadNamespace(text, ref position, ref packet))
        {
            return SocketIoParseStatus.BadNamespace;
        }

        return packet.Type switch
        {
            SocketIoPacketType.Connect => ParseConnect(text, position, maxDepth, ref packet),
            SocketIoPacketType.Disconnect => position == text.Length ? SocketIoParseStatus.Ok : SocketIoParseStatus.BadPayload,
            _ => ParseEventOrAck(text, position, maxDepth, ref packet),
        };
    }

    private static bool TryReadNamespace(ReadOnlySpan<byte> text, ref int position, ref SocketIoPacket packet)
    {
        if (position == text.Length || text[position] != (byte)'/')
        {
            return true;
        }

        var length = text[position..].IndexOf((byte)',');
        var name = new JsonSlice(position, length < 0 ? text.Length - position : length);
        position += length < 0 ? name.Length : length + 1;
        if (name.Length > 1)
        {
            packet.Namespace = name;
        }

        return name.Length <= MaxNamespaceBytes && !name.Of(text).ContainsAnyInRange((byte)0, (byte)0x1f);
    }

    private static SocketIoParseStatus ParseConnect(ReadOnlySpan<byte> text, int position, int maxDepth, ref SocketIoPacket packet)
    {
        if (position == text.Length)
        {
            return SocketIoParseStatus.Ok;
        }

        packet.Payload = new JsonSlice(position, text.Length - position);
        if (text[position] != (byte)'{')
        {
            return SocketIoParseStatus.BadPayload;
        }

        var end = JsonScanner.SkipValue(text, position, maxDepth);
        return end < 0 ? Refused(end) : EndOfText(text, end);
    }

    private static SocketIoParseStatus ParseEventOrAck(ReadOnlySpan<byte> text, int position, int maxDepth, ref SocketIoPacket packet)
    {
        var isAck = packet.Type is SocketIoPacketType.Ack or SocketIoPacketType.BinaryAck;
        if (position < text.Length && char.IsAsciiDigit((char)text[position]))
        {
            if (!TryReadNumber(text, ref position, MaxAckId, out var ackId))
            {
                return SocketIoParseStatus.BadAckId;
            }

            packet.AckId = ackId;
        }
        else if (isAck)
        {
            return SocketIoParseStatus.BadAckId;
        }

        if (position == text.Length || text[position] != (byte)'[')
        {
            return SocketIoParseStatus.BadPayload;
        }

        packet.Payload = new JsonSlice(position, text.Length - position);
        var status = ParseArray(text, position + 1, maxDepth - 1, hasName: !isAck, ref packet);
        return status == SocketIoParseStatus.Ok && packet.AttachmentCount > 0 && !BinaryPlaceholders.AreValid(packet.Payload.Of(text), packet.AttachmentCount)
            ? SocketIoParseStatus.BadPlaceholder
            : status;
    }

    private static SocketIoParseStatus ParseArray(ReadOnlySpan<byte> text, int position, int maxDepth, bool hasName, ref SocketIoPacket packet)
    {
        position = JsonScanner.SkipWhiteSpace(text, position);
        var isFirst = true;
        if (position < text.Length && text[position] == (byte)']')
        {
            return hasName ? SocketIoParseStatus.BadEventName : EndOfText(text, position + 1);
        }

        while (true)
        {
            position = JsonScanner.SkipWhiteSpace(text, position);
            var end = JsonScanner.SkipValue(text, position, maxDepth);
            if (end < 0)
            {
                return Refused(end);
            }

            var item = new JsonSlice(position, end - position);
            if (!isFirst || !hasName)
            {
                packet.AddArgument(item);
            }
            else if (IsEventName(item.Of(text)))
            {
                packet.Name = item;
            }
            else
            {
                return SocketIoParseStatus.BadEventName;
            }

            isFirst = false;
            position = JsonScanner.SkipWhiteSpace(text, end);
            if (position == text.Length)
            {
                return SocketIoParseStatus.BadPayload;
            }

            var next = text[position++];
            if (next == (byte)']')
            {
                return EndOfText(text, position);
            }

            if (next != (byte)',')
            {
                return SocketIoParseStatus.BadPayload;
            }
        }
    }

    private static bool IsEventName(ReadOnlySpan<byte> json) => json[0] switch
    {
        (byte)'"' => !SocketIoEventNames.IsReserved(json),
        (byte)'[' or (byte)'{' or (byte)'t' or (byte)'f' or (byte)'n' => false,
        _ => true,
    };

    private static SocketIoParseStatus Refused(int scanned) => scanned == JsonScanner.TooDeep ? SocketIoParseStatus.TooDeep : SocketIoParseStatus.BadPayload;

    private static SocketIoParseStatus EndOfText(ReadOnlySpan<byte> text, int position) =>
        JsonScanner.SkipWhiteSpace(text, position) == text.Length ? SocketIoParseStatus.Ok : SocketIoParseStatus.BadPayload;

    // Digits up to a largest number; at least one.
    private static bool TryReadNumber(ReadOnlySpan<byte> text, ref int position, long largest, out long number)
    {
        number = 0;
        var start = position;
        while (position < text.Length && char.IsAsciiDigit((char)text[position]))
        {
            number = (number * 10) + (text[position] - (byte)'0');
            if (number > largest)
            {
                return false;
            }

            position++;
        }

        return position > start;
    }
}
