using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Parley.SocketIo.WebSockets;

namespace Parley.SocketIo.Fuzz;

/// <summary>A client's bytes must mean the same however the network cuts them, no message may pass the limit, and no text may be anything but UTF-8.</summary>
internal static class WebSocketTarget
{
    private const int MaxMessageBytes = 300;

    public static void Run(byte[] input)
    {
        var whole = Read(input, input.Length);
        Require.That(whole == Read(input, 1), "Byte by byte they mean something else.");
        Require.That(whole == Read(input, 5), "In pieces they mean something else.");
    }

    private static string Read(byte[] bytes, int step)
    {
        var reader = new WebSocketReader(MaxMessageBytes);
        var found = new StringBuilder();
        var read = 0;
        for (var come = Math.Min(step, bytes.Length); read < bytes.Length; come = Math.Min(come + step, bytes.Length))
        {
            WebSocketRead what;
            do
            {
                var input = new ReadOnlySequence<byte>(bytes, read, come - read);
                what = reader.Read(ref input);
                read = come - (int)input.Length;
                Note(ref reader, what, found);
                if (what is WebSocketRead.ProtocolError or WebSocketRead.InvalidText or WebSocketRead.Close)
                {
                    reader.Release();
                    return found.ToString();
                }
            }
            while (what != WebSocketRead.NeedMore);

            if (come == bytes.Length)
            {
                break;
            }
        }

        reader.Release();
        return found.ToString();
    }

    private static void Note(ref WebSocketReader reader, WebSocketRead what, StringBuilder found)
    {
        found.Append(what == WebSocketRead.NeedMore ? "" : $"{what} ");
        switch (what)
        {
            case WebSocketRead.Message:
                var isText = !reader.IsBinary;
                var buffer = reader.Take(out var length);
                Require.That(length <= MaxMessageBytes, "A message passed the limit.");
                Require.That(!isText || Utf8.IsValid(buffer.AsSpan(0, length)), "A text is not UTF-8.");
                found.Append(Convert.ToHexString(buffer, 0, length)).Append(' ');
                ArrayPool<byte>.Shared.Return(buffer);
                break;
            case WebSocketRead.Ping:
                found.Append(Convert.ToHexString(reader.PingPayload)).Append(' ');
                break;
        }
    }
}
