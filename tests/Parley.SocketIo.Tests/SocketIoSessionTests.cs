using System.Text;

namespace Parley.SocketIo.Tests;

public sealed class SocketIoSessionTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);
    private readonly SocketIoSession<string> _session = new(new SocketIoSettings { MaxNamespaces = 3, MaxPayloadBytes = 100 }, Start);

    [Fact]
    public void A_client_joins_sends_and_leaves()
    {
        Assert.Equal(SocketIoInput.Connect, Receive("0"));
        Assert.True(_session.Accept("/", "root"));
        Assert.Equal((SocketIoInput.Event, "root"), ReceiveFrom("2[\"e\"]"));
        Assert.Equal((SocketIoInput.Ack, "root"), ReceiveFrom("31[]"));
        Assert.Equal((SocketIoInput.Disconnect, "root"), ReceiveFrom("1"));
        Assert.Equal(SocketIoInput.Invalid, Receive("2[\"e\"]"));
    }

    [Fact]
    public void Namespaces_are_kept_apart()
    {
        Join("/");
        Join("/admin");
        Assert.Equal(2, _session.NamespaceCount);
        Assert.Equal((SocketIoInput.Event, "/admin"), ReceiveFrom("2/admin,[\"e\"]"));
        Assert.Equal((SocketIoInput.Disconnect, "/admin"), ReceiveFrom("1/admin,"));
        Assert.Equal((SocketIoInput.Event, "/"), ReceiveFrom("2[\"e\"]"));
        Assert.Equal(["/"], _session.Sockets());
    }

    [Theory]
    [InlineData("2[\"e\"]")]
    [InlineData("2/admin,[\"e\"]")]
    [InlineData("31[]")]
    [InlineData("1/admin,")]
    [InlineData("51-/admin,[\"e\"]")]
    public void A_packet_for_a_namespace_that_was_not_joined_is_a_violation(string text) => Assert.Equal(SocketIoInput.Invalid, Receive(text));

    [Fact]
    public void Events_before_the_yes_are_a_violation()
    {
        Assert.Equal(SocketIoInput.Connect, Receive("0"));
        Assert.Equal(SocketIoInput.Invalid, Receive("2[\"e\"]"));
    }

    [Fact]
    public void Joining_twice_is_a_violation()
    {
        Join("/");
        Assert.Equal(SocketIoInput.Invalid, Receive("0"));
    }

    [Fact]
    public void Asking_twice_gets_one_answer()
    {
        Assert.Equal(SocketIoInput.Connect, Receive("0"));
        Assert.Equal(SocketIoInput.Ignored, Receive("0"));
        Assert.True(_session.Accept("/", "root"));
        Assert.False(_session.Accept("/", "root again"));
    }

    [Fact]
    public void A_client_that_was_refused_may_ask_again()
    {
        Assert.Equal(SocketIoInput.Connect, Receive("0"));
        Assert.True(_session.Refuse("/"));
        Assert.False(_session.Refuse("/"));
        Join("/");
    }

    [Fact]
    public void A_client_may_withdraw_while_it_is_being_answered()
    {
        Assert.Equal(SocketIoInput.Connect, Receive("0"));
        Assert.Equal(SocketIoInput.Ignored, Receive("1"));
        Assert.False(_session.Accept("/", "root"));
        Assert.Equal(0, _session.NamespaceCount);
    }

    [Fact]
    public void What_crosses_the_servers_disconnect_on_the_wire_is_ignored()
    {
        Join("/");
        Join("/admin");
        Assert.True(_session.TakeOut("/"));
        Assert.False(_session.TakeOut("/"));
        Assert.Equal(SocketIoInput.Ignored, Receive("2[\"e\"]"));
        Assert.Equal(SocketIoInput.Ignored, Receive("31[]"));
        Assert.Equal(SocketIoInput.AttachmentsDue, Receive("51-[\"e\"]"));
        Assert.Equal(SocketIoInput.Ignored, ReceiveBinary(1));
        Assert.Equal(SocketIoInput.Ignored, Receive("1"));
        Join("/");
    }

    [Fact]
    public void A_client_is_in_so_many_namespaces_and_no_more()
    {
        Join("/");
        Join("/a");
        Assert.Equal(SocketIoInput.Connect, Receive("0/b,"));
        Assert.Equal(SocketIoInput.TooManyNamespaces, Receive("0/c,"));
        Assert.True(_session.Refuse("/b"));
        Join("/c");
        Assert.Equal((SocketIoInput.Disconnect, "/a"), ReceiveFrom("1/a,"));
        Join("/d");
    }

    [Fact]
    public void Attachments_complete_an_event()
    {
        Join("/");
        Assert.Equal(SocketIoInput.AttachmentsDue, Receive("52-7[\"e\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"));
        Assert.Equal(SocketIoInput.AttachmentsDue, ReceiveBinary(1));
        var input = _session.ReceiveBinary(new byte[] { 2, 3 }, out var packet, out var message, out var socket);
        Assert.Equal((SocketIoInput.Event, "/", 7L), (input, socket, packet.AckId));
        Assert.Equal(["00", "0203"], message.Attachments.Select(data => Convert.ToHexString(data.Span)));
        Assert.Equal("\"e\"", Encoding.UTF8.GetString(packet.Name.Of(message.Text.Span)));
        Assert.Equal(0, _session.HeldBytes);
        Assert.Equal((SocketIoInput.Event, "/"), ReceiveFrom("2[\"e\"]"));
    }

    [Fact]
    public void A_binary_message_that_nobody_announced_is_a_violation()
    {
        Join("/");
        Assert.Equal(SocketIoInput.Invalid, ReceiveBinary(1));
    }

    [Fact]
    public void A_text_while_attachments_are_due_is_a_violation()
    {
        Join("/");
        Receive("51-[\"e\"]");
        Assert.Equal(SocketIoInput.Invalid, Receive("2[\"e\"]"));
    }

    [Fact]
    public void A_packet_and_its_attachments_are_bounded_together()
    {
        Join("/");
        Receive("52-[\"e\"]");
        Assert.Equal(SocketIoInput.AttachmentsDue, ReceiveBinary(60));
        Assert.Equal(SocketIoInput.TooLarge, ReceiveBinary(60));
    }

    [Fact]
    public void Attachments_must_come_in_time()
    {
        Join("/");
        Assert.Equal(TimeSpan.MaxValue, _session.NextDeadline);
        Receive("52-[\"e\"]");
        Assert.Equal(Start + TimeSpan.FromSeconds(10), _session.NextDeadline);
        Assert.False(_session.IsOverdue(Start + TimeSpan.FromSeconds(9)));
        ReceiveBinary(1);
        Assert.True(_session.IsOverdue(Start + TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_client_must_join_something_in_time()
    {
        Assert.Equal(Start + TimeSpan.FromSeconds(45), _session.NextDeadline);
        Receive("0");
        Assert.True(_session.IsOverdue(Start + TimeSpan.FromSeconds(45)));
        _session.Accept("/", "root");
        Assert.False(_session.IsOverdue(Start + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void After_the_end_nothing_is_accepted()
    {
        Join("/");
        Receive("0/admin,");
        _session.Clear();
        Assert.False(_session.Accept("/admin", "admin"));
        Assert.Empty(_session.Sockets());
        Assert.Equal(TimeSpan.MaxValue, _session.NextDeadline);
    }

    [Fact]
    public void The_parser_says_why()
    {
        Join("/");
        Assert.Equal(SocketIoInput.Invalid, Receive("511-[\"e\"]"));
        Assert.Equal(SocketIoParseStatus.BadAttachmentCount, _session.ParseStatus);
    }

    private void Join(string name)
    {
        Assert.Equal(SocketIoInput.Connect, Receive(name == "/" ? "0" : $"0{name},"));
        Assert.True(_session.Accept(name, name));
    }

    private SocketIoInput Receive(string text) => ReceiveFrom(text).Input;

    private (SocketIoInput Input, string? Socket) ReceiveFrom(string text)
    {
        var input = _session.ReceiveText(Encoding.UTF8.GetBytes(text), Start, out _, out var socket);
        return (input, socket);
    }

    private SocketIoInput ReceiveBinary(int length) => _session.ReceiveBinary(new byte[length], out _, out _, out _);
}
