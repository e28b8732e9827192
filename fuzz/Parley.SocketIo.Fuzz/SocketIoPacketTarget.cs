using System.Text;
using System.Text.Unicode;

namespace Parley.SocketIo.Fuzz;

/// <summary>A packet that the parser takes is sound JSON within its bounds, and survives being written and read again.</summary>
internal static class SocketIoPacketTarget
{
    private const int MaxAttachments = 10;

    public static void Run(byte[] input)
    {
        // The layer below lets nothing else through.
        if (!Utf8.IsValid(input) || SocketIoPacketParser.Parse(input, 64, MaxAttachments, out var packet) != SocketIoParseStatus.Ok)
        {
            return;
        }

        Require.That(packet.AttachmentCount is >= 0 and <= MaxAttachments, "A packet has an impossible number of attachments.");
        Require.That(packet.AckId >= -1, "A packet has a negative number for its answer.");
        Require.That(!input.AsSpan().Contains((byte)0x1e), "A packet has a separator in it.");
        if (packet.Payload.Length > 0)
        {
            Require.That(JsonTarget.FrameworkAccepts(packet.Payload.Of(input.AsSpan())), "The payload is no JSON to the framework.");
        }

        if (packet.Type is SocketIoPacketType.Event or SocketIoPacketType.BinaryEvent)
        {
            WriteAndRead(input, packet);
        }
    }

    private static void WriteAndRead(byte[] input, SocketIoPacket packet)
    {
        var attachments = Enumerable.Range(0, packet.AttachmentCount).Select(i => (ReadOnlyMemory<byte>)new byte[] { (byte)i }).ToArray();
        var arguments = new SocketIoArgument[packet.ArgumentCount];
        for (var i = 0; i < arguments.Length; i++)
        {
            var json = packet.GetArgument(input, i).Of((ReadOnlyMemory<byte>)input);
            Require.That(JsonTarget.FrameworkAccepts(json.Span), "An argument is no JSON to the framework.");
            arguments[i] = SocketIoArgument.Received(json, attachments.Length == 0 ? null : attachments);
        }

        var name = packet.Namespace.Length == 0 ? "/" : Encoding.UTF8.GetString(packet.Namespace.Of(input.AsSpan()));
        var frames = SocketIoPacketWriter.Event(name, packet.AckId, "e", arguments);
        var text = frames.Text.Bytes.Span[1..];
        Require.That(SocketIoPacketParser.Parse(text, 64, int.MaxValue, out var again) == SocketIoParseStatus.Ok, "What was written cannot be read.");
        Require.That(again.ArgumentCount == packet.ArgumentCount && again.AckId == packet.AckId, "What was written reads as something else.");
        Require.That(again.AttachmentCount == frames.Attachments.Length, "The number of attachments is not what the packet says.");
        for (var i = 0; attachments.Length == 0 && i < arguments.Length; i++)
        {
            Require.That(again.GetArgument(text, i).Of(text).SequenceEqual(arguments[i].Json.Span), "An argument changed on its way.");
        }
    }
}
