using System.Buffers;
using System.Text;
using FsCheck.Xunit;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

public sealed class EngineIoPayloadTests
{
    [Theory]
    [InlineData("4hello", new[] { "4hello" })]
    [InlineData("4a\u001e4b\u001e2", new[] { "4a", "4b", "2" })]
    [InlineData("4a\u001e", new[] { "4a", "" })]
    [InlineData("\u001e", new[] { "", "" })]
    [InlineData("", new[] { "" })]
    public void A_body_is_packets_with_separators_between(string body, string[] packets) => Assert.Equal(packets, Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Binary_messages_go_as_base64_among_texts()
    {
        EngineIoFrame[] frames = [new("4hello"u8.ToArray(), false), new(new byte[] { 1, 2, 3, 4 }, true), new(Array.Empty<byte>(), true)];
        Assert.Equal("4hello\u001ebAQIDBA==\u001eb", Encoding.UTF8.GetString(Write(frames)));
        Assert.Equal("bAQIDBA==", Encoding.UTF8.GetString(EngineIoPayload.ToText(frames[1]).Bytes.Span));
    }

    [Theory]
    [InlineData("AQIDBA==", true)]
    [InlineData("", true)]
    [InlineData("AQIDBA", false)]
    [InlineData("AQID*A==", false)]
    [InlineData("====", false)]
    [InlineData("A", false)]
    public void Base64_is_decoded_or_refused(string text, bool valid) =>
        Assert.Equal(valid, EngineIoPayload.TryDecode(Encoding.ASCII.GetBytes(text), out _));

    [Property]
    public void What_is_written_is_read_again(byte[][] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Length == 0)
        {
            return;
        }

        var frames = messages.Select(message => new EngineIoFrame(message ?? [], IsBinary: true)).ToArray();
        var body = Write(frames);
        Assert.Equal(EngineIoPayload.Measure(frames), body.Length);
        var decoded = Read(body).Select(packet =>
        {
            Assert.True(EngineIoPayload.TryDecode(Encoding.ASCII.GetBytes(packet[1..]), out var data));
            return data;
        });
        Assert.Equal(messages.Select(message => message ?? []), decoded);
    }

    [Fact]
    public void The_handshake_has_exactly_the_keys_of_the_protocol()
    {
        var frame = EngineIoHandshake.Open("abc", offerWebSocket: true, new EngineIoSettings());
        Assert.Equal(
            "0{\"sid\":\"abc\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}",
            Encoding.UTF8.GetString(frame.Bytes.Span));
    }

    private static byte[] Write(EngineIoFrame[] frames)
    {
        var writer = new ArrayBufferWriter<byte>();
        EngineIoPayload.Write(frames, writer);
        return writer.WrittenSpan.ToArray();
    }

    private static List<string> Read(ReadOnlySpan<byte> body)
    {
        var packets = new List<string>();
        var ended = false;
        while (EngineIoPayload.TryReadPacket(ref body, ref ended, out var packet))
        {
            packets.Add(Encoding.UTF8.GetString(packet));
        }

        return packets;
    }
}
