using System.Text;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests;

public sealed class SocketIoPacketWriterTests
{
    [Fact]
    public void Packets_without_arguments()
    {
        Assert.Equal("40{\"sid\":\"abc\"}", Text(SocketIoPacketWriter.Connect("/", "abc")));
        Assert.Equal("40/admin,{\"sid\":\"abc\"}", Text(SocketIoPacketWriter.Connect("/admin", "abc")));
        Assert.Equal("44{\"message\":\"no \\\"you\\\"\"}", Text(SocketIoPacketWriter.ConnectError("/", "no \"you\"", default)));
        Assert.Equal("44/x,{\"message\":\"no\",\"data\":{\"a\":1}}", Text(SocketIoPacketWriter.ConnectError("/x", "no", "{\"a\":1}"u8.ToArray())));
        Assert.Equal("41", Text(SocketIoPacketWriter.Disconnect("/")));
        Assert.Equal("41/admin,", Text(SocketIoPacketWriter.Disconnect("/admin")));
    }

    [Fact]
    public void Events_and_acks()
    {
        Assert.Equal("42[\"e\"]", Text(SocketIoPacketWriter.Event("/", -1, "e", []).Text));
        Assert.Equal("42/admin,7[\"e\",1,\"two\",true,null,1.5]", Text(SocketIoPacketWriter.Event("/admin", 7, "e", [1, "two", true, SocketIoArgument.Null, 1.5]).Text));
        Assert.Equal("433[]", Text(SocketIoPacketWriter.Ack("/", 3, []).Text));
        Assert.Equal("43/ü,3[false]", Text(SocketIoPacketWriter.Ack("/ü", 3, [false]).Text));
    }

    [Fact]
    public void Names_and_strings_are_escaped_as_little_as_JSON_demands() =>
        Assert.Equal(
            "42[\"\\\"\\\\\\u001e😀\",\"é\\u000a/\\u0000\"]",
            Text(SocketIoPacketWriter.Event("/", -1, "\"\\\u001e😀", ["é\n/\0"]).Text));

    [Fact]
    public void Raw_JSON_goes_out_byte_for_byte()
    {
        const string Json = "{ \"z\":1.50, \"a\":[ 1e3 ],\"z\":\"\\u00e9\" }";
        Assert.Equal($"42[\"e\",{Json}]", Text(SocketIoPacketWriter.Event("/", -1, "e", [SocketIoArgument.RawJson(Encoding.UTF8.GetBytes(Json))]).Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1,2")]
    [InlineData("\"\u001e\"")]
    public void Raw_JSON_is_checked(string json) => Assert.Throws<ArgumentException>(() => SocketIoArgument.RawJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Binary_arguments_become_attachments()
    {
        var frames = SocketIoPacketWriter.Event("/admin", 5, "e", [SocketIoArgument.Binary(new byte[] { 1 }), "x", SocketIoArgument.Binary(new byte[] { 2, 3 })]);
        Assert.Equal("452-/admin,5[\"e\",{\"_placeholder\":true,\"num\":0},\"x\",{\"_placeholder\":true,\"num\":1}]", Text(frames.Text));
        Assert.Equal(["01", "0203"], frames.Attachments.Select(frame => Convert.ToHexString(frame.Bytes.Span)));
        Assert.All(frames.Attachments, frame => Assert.True(frame.IsBinary));
    }

    [Fact]
    public void Arguments_of_several_events_keep_their_own_attachments()
    {
        var first = SocketIoArgument.Received("[{\"num\":1,\"_placeholder\":true},{\"_placeholder\":true,\"num\":0}]"u8.ToArray(), [new byte[] { 0xa0 }, new byte[] { 0xa1 }]);
        var second = SocketIoArgument.Received("{\"x\":{\"_placeholder\":true,\"num\":0}}"u8.ToArray(), [new byte[] { 0xb0 }, new byte[] { 0xb1 }]);
        var frames = SocketIoPacketWriter.Ack("/", 1, [first, second]);
        Assert.Equal("463-1[[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}],{\"x\":{\"_placeholder\":true,\"num\":2}}]", Text(frames.Text));
        Assert.Equal(["A1", "A0", "B0"], frames.Attachments.Select(frame => Convert.ToHexString(frame.Bytes.Span)));
    }

    [Fact]
    public void An_argument_of_a_binary_event_that_uses_no_attachment_takes_none_along()
    {
        var argument = SocketIoArgument.Received("{\"a\":1}"u8.ToArray(), [new byte[] { 1 }]);
        var frames = SocketIoPacketWriter.Event("/", -1, "e", [argument]);
        Assert.Equal("42[\"e\",{\"a\":1}]", Text(frames.Text));
        Assert.Empty(frames.Attachments);
    }

    [Fact]
    public void Data_that_looks_like_a_placeholder_cannot_stand_for_somebody_elses_attachment()
    {
        var hostile = SocketIoArgument.RawJson("[{\"_placeholder\":true,\"num\":0},{\"\\u005fplaceholder\":true,\"num\":99}]"u8.ToArray());
        var frames = SocketIoPacketWriter.Event("/", -1, "e", [hostile, SocketIoArgument.Binary(new byte[] { 1 })]);
        Assert.Equal("451-[\"e\",[null,null],{\"_placeholder\":true,\"num\":0}]", Text(frames.Text));
    }

    [Fact]
    public void Numbers_that_JSON_does_not_have_are_null() =>
        Assert.Equal("42[\"e\",null,null]", Text(SocketIoPacketWriter.Event("/", -1, "e", [double.NaN, double.PositiveInfinity]).Text));

    private static string Text(EngineIoFrame frame)
    {
        Assert.False(frame.IsBinary);
        return Encoding.UTF8.GetString(frame.Bytes.Span);
    }
}
