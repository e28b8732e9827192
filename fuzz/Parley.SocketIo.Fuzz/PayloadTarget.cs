using System.Buffers;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Fuzz;

/// <summary>A body is split and put together again; both must be the same. What is base64 is decoded and encoded again.</summary>
internal static class PayloadTarget
{
    public static void Run(byte[] input)
    {
        var frames = new List<EngineIoFrame>();
        ReadOnlySpan<byte> rest = input;
        var ended = false;
        while (EngineIoPayload.TryReadPacket(ref rest, ref ended, out var packet))
        {
            Require.That(!packet.Contains(EngineIoPayload.Separator), "A packet has a separator in it.");
            frames.Add(new EngineIoFrame(packet.ToArray(), IsBinary: false));
            if (packet.StartsWith("b"u8) && EngineIoPayload.TryDecode(packet[1..], out var data))
            {
                CheckBinary(data);
            }
        }

        var writer = new ArrayBufferWriter<byte>();
        EngineIoPayload.Write([.. frames], writer);
        Require.That(writer.WrittenSpan.SequenceEqual(input), "What was split does not come together again.");
        Require.That(writer.WrittenCount == EngineIoPayload.Measure([.. frames]), "The length was measured wrong.");
    }

    private static void CheckBinary(byte[] data)
    {
        var text = EngineIoPayload.ToText(new EngineIoFrame(data, IsBinary: true)).Bytes.Span;
        Require.That(EngineIoPayload.TryDecode(text[1..], out var again) && again.AsSpan().SequenceEqual(data), "Binary data changed on its way through base64.");
    }
}
