using System.Text;
using FsCheck.Xunit;

namespace Parley.SocketIo.Tests;

public sealed class SocketIoPacketParserTests
{
    [Theory]
    [InlineData("0", "Connect / -1 ''")]
    [InlineData("0{\"token\":\"123\"}", "Connect / -1 '{\"token\":\"123\"}'")]
    [InlineData("0/,", "Connect / -1 ''")]
    [InlineData("0/", "Connect / -1 ''")]
    [InlineData("0/admin,", "Connect /admin -1 ''")]
    [InlineData("0/admin", "Connect /admin -1 ''")]
    [InlineData("0/admin,{\"a\":{\"b\":[]}} ", "Connect /admin -1 '{\"a\":{\"b\":[]}} '")]
    [InlineData("1", "Disconnect / -1 ''")]
    [InlineData("1/admin,", "Disconnect /admin -1 ''")]
    [InlineData("1/admin", "Disconnect /admin -1 ''")]
    public void Packets_that_open_and_close(string text, string expected)
    {
        var packet = Parse(text);
        Assert.Equal(expected, $"{packet.Type} {Namespace(packet, text)} {packet.AckId} '{Encoding.UTF8.GetString(packet.Payload.Of(Bytes(text)))}'");
    }

    [Theory]
    [InlineData("2[\"hello\"]", "Event 0 / -1 \"hello\"")]
    [InlineData("2[\"hello\",1]", "Event 0 / -1 \"hello\" 1")]
    [InlineData("2 [\"hello\"]", null)]
    [InlineData("2[ \"hello\" , 1 , { } ] ", "Event 0 / -1 \"hello\" 1 { }")]
    [InlineData("2[7,true]", "Event 0 / -1 7 true")]
    [InlineData("2/admin,456[\"hello\",{\"a\":\"b\"},null]", "Event 0 /admin 456 \"hello\" {\"a\":\"b\"} null")]
    [InlineData("20[\"hello\"]", "Event 0 / 0 \"hello\"")]
    [InlineData("29007199254740991[\"hello\"]", "Event 0 / 9007199254740991 \"hello\"")]
    [InlineData("2[\"error\"]", "Event 0 / -1 \"error\"")]
    [InlineData("2[\"\"]", "Event 0 / -1 \"\"")]
    [InlineData("2[\"e\",1,2,3,4,5,[6],\"7\"]", "Event 0 / -1 \"e\" 1 2 3 4 5 [6] \"7\"")]
    [InlineData("312[]", "Ack 0 / 12 ")]
    [InlineData("3/admin,12[1,\"two\"]", "Ack 0 /admin 12  1 \"two\"")]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":0}]", "BinaryEvent 1 / -1 \"e\" {\"_placeholder\":true,\"num\":0}")]
    [InlineData("510-/admin,5[\"e\"]", "BinaryEvent 10 /admin 5 \"e\"")]
    [InlineData("62-1[]", "BinaryAck 2 / 1 ")]
    public void Events_and_acks(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.NotEqual(SocketIoParseStatus.Ok, Status(text));
            return;
        }

        var packet = Parse(text);
        var arguments = string.Concat(Enumerable.Range(0, packet.ArgumentCount).Select(i => ' ' + Encoding.UTF8.GetString(packet.GetArgument(Bytes(text), i).Of(Bytes(text)))));
        var name = Encoding.UTF8.GetString(packet.Name.Of(Bytes(text)));
        Assert.Equal(expected, $"{packet.Type} {packet.AttachmentCount} {Namespace(packet, text)} {packet.AckId} {name}{arguments}");
    }

    [Theory]
    [InlineData("", SocketIoParseStatus.UnknownType)]
    [InlineData("abc", SocketIoParseStatus.UnknownType)]
    [InlineData("7", SocketIoParseStatus.UnknownType)]
    [InlineData("4{\"message\":\"x\"}", SocketIoParseStatus.UnknownType)]
    [InlineData("0[]", SocketIoParseStatus.BadPayload)]
    [InlineData("0\"a\"", SocketIoParseStatus.BadPayload)]
    [InlineData("0null", SocketIoParseStatus.BadPayload)]
    [InlineData("0{}{}", SocketIoParseStatus.BadPayload)]
    [InlineData("0{", SocketIoParseStatus.BadPayload)]
    [InlineData("05{}", SocketIoParseStatus.BadPayload)]
    [InlineData("1{}", SocketIoParseStatus.BadPayload)]
    [InlineData("1[]", SocketIoParseStatus.BadPayload)]
    [InlineData("2", SocketIoParseStatus.BadPayload)]
    [InlineData("2{}", SocketIoParseStatus.BadPayload)]
    [InlineData("2abc[\"e\"]", SocketIoParseStatus.BadPayload)]
    [InlineData("21a[\"e\"]", SocketIoParseStatus.BadPayload)]
    [InlineData("2-1[\"e\"]", SocketIoParseStatus.BadPayload)]
    [InlineData("2[\"e\"", SocketIoParseStatus.BadPayload)]
    [InlineData("2[\"e\",]", SocketIoParseStatus.BadPayload)]
    [InlineData("2[\"e\"]x", SocketIoParseStatus.BadPayload)]
    [InlineData("2[\"e\" 1]", SocketIoParseStatus.BadPayload)]
    [InlineData("2[\"e\",\"\u001e\"]", SocketIoParseStatus.BadPayload)]
    [InlineData("2[\"e\"\u001e]", SocketIoParseStatus.BadPayload)]
    [InlineData("2[]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[null]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[true]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[{}]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[[]]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[{\"toString\":\"foo\"}]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"connect\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"connect_error\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"disconnect\",\"transport close\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"disconnecting\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"newListener\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"removeListener\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("2[\"\\u0064isconnect\"]", SocketIoParseStatus.BadEventName)]
    [InlineData("3[]", SocketIoParseStatus.BadAckId)]
    [InlineData("3", SocketIoParseStatus.BadAckId)]
    [InlineData("3x[]", SocketIoParseStatus.BadAckId)]
    [InlineData("29007199254740992[\"e\"]", SocketIoParseStatus.BadAckId)]
    [InlineData("299999999999999999999999999[\"e\"]", SocketIoParseStatus.BadAckId)]
    [InlineData("31{}", SocketIoParseStatus.BadPayload)]
    [InlineData("5[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("5-[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("50-[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("511-[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("599999999999-[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("51", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("51[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("5-1-[\"e\"]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("6-1[]", SocketIoParseStatus.BadAttachmentCount)]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":1}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":-1}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":0.5}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":\"0\"}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":\"splice\"}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",{\"_placeholder\":true}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",{\"_placeholder\":true,\"num\":{}}]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("51-[\"e\",[{\"a\":{\"\\u005fplaceholder\":true,\"num\":7}}]]", SocketIoParseStatus.BadPlaceholder)]
    [InlineData("2/\u001e,[\"e\"]", SocketIoParseStatus.BadNamespace)]
    public void What_is_no_packet_is_told_apart(string text, SocketIoParseStatus status) => Assert.Equal(status, Status(text));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_namespace_has_a_longest_name(int length, bool accepted) =>
        Assert.Equal(accepted ? SocketIoParseStatus.Ok : SocketIoParseStatus.BadNamespace, Status("0/" + new string('a', length - 1)));

    [Theory]
    [InlineData(63, SocketIoParseStatus.Ok)]
    [InlineData(64, SocketIoParseStatus.TooDeep)]
    public void Arguments_nest_as_deep_as_the_array_around_them_leaves(int depth, SocketIoParseStatus status) =>
        Assert.Equal(status, Status($"2[\"e\",{new string('[', depth)}{new string(']', depth)}]"));

    [Fact]
    public void The_depth_can_be_set_lower()
    {
        Assert.Equal(SocketIoParseStatus.Ok, SocketIoPacketParser.Parse("2[\"e\",[1]]"u8, 2, 10, out _));
        Assert.Equal(SocketIoParseStatus.TooDeep, SocketIoPacketParser.Parse("2[\"e\",[[1]]]"u8, 2, 10, out _));
        Assert.Equal(SocketIoParseStatus.TooDeep, SocketIoPacketParser.Parse("0{\"a\":{\"b\":{}}}"u8, 2, 10, out _));
    }

    [Theory]
    [InlineData("{\"_placeholder\":true,\"num\":9}")]
    [InlineData("{\"_placeholder\":true,\"num\":\"x\"}")]
    public void Placeholders_in_an_event_without_attachments_are_ordinary_data(string data) => Assert.Equal(SocketIoParseStatus.Ok, Status($"2[\"e\",{data}]"));

    [Theory]
    [InlineData("{\"_placeholder\":1,\"num\":9}")]
    [InlineData("{\"_placeholder\":\"true\",\"num\":9}")]
    [InlineData("{\"_placeholder\":true,\"num\":9,\"_placeholder\":false}")]
    [InlineData("\"_placeholder\"")]
    [InlineData("{\"num\":9,\"x\":[\"_placeholder\",true]}")]
    public void Only_a_true_placeholder_is_one(string data) => Assert.Equal(SocketIoParseStatus.Ok, Status($"51-[\"e\",{data}]"));

    [Property(MaxTest = 3000)]
    public void Any_bytes_are_a_packet_or_are_not_and_nothing_throws(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        _ = SocketIoPacketParser.Parse(bytes, 64, 10, out _);
        foreach (var start in "012356")
        {
            _ = SocketIoPacketParser.Parse([(byte)start, .. bytes], 64, 10, out _);
        }
    }

    private static SocketIoPacket Parse(string text)
    {
        Assert.Equal(SocketIoParseStatus.Ok, SocketIoPacketParser.Parse(Bytes(text), 64, 10, out var packet));
        return packet;
    }

    private static SocketIoParseStatus Status(string text) => SocketIoPacketParser.Parse(Bytes(text), 64, 10, out _);

    private static string Namespace(in SocketIoPacket packet, string text) => packet.Namespace.Length == 0 ? "/" : Encoding.UTF8.GetString(packet.Namespace.Of(Bytes(text)));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
