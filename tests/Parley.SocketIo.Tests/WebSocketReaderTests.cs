using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Parley.SocketIo.WebSockets;

namespace Parley.SocketIo.Tests;

public class WebSocketReaderTests
{
    private const int Max = 70_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(Max)]
    public void A_message_comes_as_it_was_sent_however_the_network_cuts_it(int length)
    {
        var text = new string('x', length);
        var bytes = Frame(WebSocketOpcode.Text, Encoding.ASCII.GetBytes(text));
        foreach (var step in new[] { 1, 3, 7, 4096, bytes.Length })
        {
            Assert.Equal([$"text {text}"], Read(bytes, step));
        }
    }

    [Fact]
    public void Fragments_make_one_message_and_a_ping_may_stand_between_them()
    {
        byte[] bytes =
        [
            .. Frame(WebSocketOpcode.Text, "Grü"u8[..3].ToArray(), isFinal: false), .. Frame(WebSocketOpcode.Ping, "p"u8.ToArray()), .. Frame(WebSocketOpcode.Continuation, [], isFinal: false),
            .. Frame(WebSocketOpcode.Continuation, "Grüße"u8[3..].ToArray()), .. Frame(WebSocketOpcode.Pong, [1]), .. Frame(WebSocketOpcode.Binary, [1, 2]), .. Frame(WebSocketOpcode.Close, [0x03, 0xe8]),
        ];
        foreach (var step in new[] { 1, 5, bytes.Length })
        {
            Assert.Equal(["ping 70", "text Grüße", "binary 0102", "Close"], Read(bytes, step));
        }
    }

    [Theory]
    [InlineData("c180 00000000", "reserved bits")]
    [InlineData("8380 00000000", "an opcode that there is not")]
    [InlineData("8b80 00000000", "a control opcode that there is not")]
    [InlineData("8105 48656c6c6f", "no mask")]
    [InlineData("0980 00000000", "a ping in fragments")]
    [InlineData("89fe 0080 00000000", "a long ping")]
    [InlineData("8080 00000000", "nothing to continue")]
    [InlineData("0180 00000000 8180 00000000", "a message within a message")]
    [InlineData("81ff ffffffffffffffff 00000000", "a negative length")]
    [InlineData("8881 00000000 00", "half a close code")]
    [InlineData("8882 00000000 03ed", "a close code that is never sent")]
    [InlineData("8883 00000000 03e8ff", "close words that are not UTF-8")]
    public void What_breaks_the_rules_is_an_error(string hex, string what)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(Read(bytes, 1) is ["ProtocolError"], what);
        Assert.True(Read(bytes, bytes.Length) is ["ProtocolError"], what);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_an_error()
    {
        Assert.Equal(["InvalidText"], Read(Frame(WebSocketOpcode.Text, [0xc3, 0x28]), 1));
        Assert.Equal(["binary C328"], Read(Frame(WebSocketOpcode.Binary, [0xc3, 0x28]), 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_that_is_too_large_is_reported_once_and_read_over(bool inFragments)
    {
        byte[] tooLarge = inFragments
            ? [.. Frame(WebSocketOpcode.Binary, new byte[Max], isFinal: false), .. Frame(WebSocketOpcode.Continuation, [1], isFinal: false), .. Frame(WebSocketOpcode.Continuation, new byte[9])]
            : Frame(WebSocketOpcode.Binary, new byte[Max + 1]);
        Assert.Equal(["TooLarge", "binary 07"], Read([.. tooLarge, .. Frame(WebSocketOpcode.Binary, [7])], 4096));
    }

    [Property(MaxTest = 300)]
    public Property What_our_writer_writes_the_frameworks_WebSocket_reads() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        Gen.Choose(0, 70_000).ToArbitrary(),
        (head, padding) =>
        {
            byte[] payload = [.. head, .. new byte[padding]];
            var frame = new byte[WebSocketWriter.Measure(payload.Length)];
            Assert.Equal(frame.Length, WebSocketWriter.Write(WebSocketOpcode.Binary, payload, frame));
            using var client = WebSocket.CreateFromStream(new MemoryStream(frame), new WebSocketCreationOptions());
            var received = new byte[payload.Length + 1];
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = client.ReceiveAsync(received.AsMemory(length), CancellationToken.None).AsTask().GetAwaiter().GetResult();
                length += result.Count;
            }
            while (!result.EndOfMessage);

            return payload.AsSpan().SequenceEqual(received.AsSpan(0, length));
        });

    [Property(MaxTest = 500)]
    public Property What_the_frameworks_WebSocket_writes_we_read(byte[][] fragments, bool isText) => Sent(fragments, isText).ToProperty();

    private static bool Sent(byte[][] fragments, bool isText)
    {
        byte[][] parts = [.. fragments.Select(part => isText ? Encoding.ASCII.GetBytes(Convert.ToHexString(part)) : part), []];
        var wire = new MemoryStream();
        using var client = WebSocket.CreateFromStream(wire, new WebSocketCreationOptions { IsServer = false });
        for (var i = 0; i < parts.Length; i++)
        {
            client.SendAsync(parts[i], isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: i == parts.Length - 1, CancellationToken.None).GetAwaiter().GetResult();
        }

        byte[] whole = [.. parts.SelectMany(part => part)];
        var expected = isText ? $"text {Encoding.ASCII.GetString(whole)}" : $"binary {Convert.ToHexString(whole)}";
        return Read(wire.ToArray(), 1) is [var slow] && slow == expected && Read(wire.ToArray(), 4096) is [var fast] && fast == expected;
    }

    // Everything that is found when so many bytes come at a time. What is not read yet lies in several segments, as in a pipe.
    private static List<string> Read(byte[] bytes, int step)
    {
        var reader = new WebSocketReader(Max);
        var found = new List<string>();
        var waiting = ReadOnlyMemory<byte>.Empty;
        for (var at = 0; at < bytes.Length; at += step)
        {
            var first = new Segment(waiting, null);
            var last = new Segment(bytes.AsMemory(at, Math.Min(step, bytes.Length - at)), first);
            var input = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
            WebSocketRead what;
            while ((what = reader.Read(ref input)) != WebSocketRead.NeedMore)
            {
                found.Add(what switch
                {
                    WebSocketRead.Message when reader.IsBinary => $"binary {Convert.ToHexString(Take(ref reader))}",
                    WebSocketRead.Message => $"text {Encoding.UTF8.GetString(Take(ref reader))}",
                    WebSocketRead.Ping => $"ping {Convert.ToHexString(reader.PingPayload)}",
                    _ => what.ToString(),
                });
                if (what is WebSocketRead.ProtocolError or WebSocketRead.InvalidText or WebSocketRead.Close)
                {
                    reader.Release();
                    return found;
                }
            }

            waiting = input.ToArray();
        }

        reader.Release();
        return found;
    }

    private static byte[] Take(ref WebSocketReader reader)
    {
        var buffer = reader.Take(out var length);
        var message = buffer[..length];
        ArrayPool<byte>.Shared.Return(buffer);
        return message;
    }

    // A client's frame, masked.
    private static byte[] Frame(WebSocketOpcode opcode, byte[] payload, bool isFinal = true)
    {
        byte[] mask = [0x37, 0xfa, 0x21, 0x3d];
        var frame = new byte[WebSocketWriter.Measure(payload.Length)];
        WebSocketWriter.Write(opcode, payload, frame);
        var head = frame[..^payload.Length];
        head[0] &= (byte)(isFinal ? 0xff : 0x7f);
        head[1] |= 0x80;
        return [.. head, .. mask, .. payload.Select((value, i) => (byte)(value ^ mask[i % 4]))];
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
