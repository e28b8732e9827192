using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

public sealed class WebSocketTests
{
    [Fact]
    public void One_packet_is_written_at_a_time_and_in_order()
    {
        var test = TestSession.WebSocket();
        Assert.Equal((true, "write 4a"), test.Send("4a"));
        Assert.Equal((true, ""), test.Send("4b", "4c"));
        Assert.Equal(["write 4b"], test.Written());
        Assert.Equal(["write 4c"], test.Written());
        Assert.Empty(test.Written());
        Assert.Equal(0, test.Session.QueuedBytes);
    }

    [Fact]
    public void Volatile_packets_need_an_idle_socket()
    {
        var test = TestSession.WebSocket();
        Assert.Equal((true, "write 4a"), test.SendVolatile("4a"));
        Assert.Equal((false, ""), test.SendVolatile("4b"));
        Assert.Empty(test.Written());
        Assert.Equal((true, "write 4c"), test.SendVolatile("4c"));
    }

    [Fact]
    public void A_client_that_takes_nothing_is_cut_off_when_its_queue_is_full()
    {
        var test = TestSession.WebSocket();
        Assert.Equal((true, "write 4first"), test.Send("4first"));
        var more = new string('x', 400);
        Assert.Equal((true, ""), test.Send(more));
        Assert.Equal((true, ""), test.Send(more));
        Assert.Equal((false, "abort SlowConsumer; closed SlowConsumer"), test.Send(more));
        Assert.Equal(0, test.Session.QueuedBytes);
        Assert.Equal((false, ""), test.Send("4"));
    }

    [Fact]
    public void Very_many_very_small_packets_fill_the_queue_too()
    {
        var test = TestSession.WebSocket();
        var sent = 0;
        while (test.Send("4").Taken)
        {
            sent++;
        }

        Assert.InRange(sent, 10, 40);
    }

    [Fact]
    public void One_packet_larger_than_the_queue_may_have_it_for_itself()
    {
        var test = TestSession.WebSocket();
        var large = new string('x', 5000);
        Assert.Equal((true, $"write {large}"), test.Send(large));
        Assert.False(test.Send("4").Taken);
    }

    [Fact]
    public void A_write_that_does_not_end_ends_the_session()
    {
        var test = TestSession.WebSocket(TestSession.Settings with { PingTimeout = TimeSpan.FromSeconds(1) });
        test.Send("4a");
        test.Pass(25);
        Assert.Empty(test.Tick());
        Assert.Equal((EngineIoInput.Handled, ""), test.Receive("3"));
        test.Pass(1);
        Assert.Equal(["abort SlowConsumer", "closed SlowConsumer"], test.Tick());
    }

    [Fact]
    public void The_servers_close_comes_after_what_is_queued()
    {
        var test = TestSession.WebSocket();
        test.Send("4a", "4b");
        Assert.Empty(test.CloseAfterFlush(EngineIoCloseReason.ServerShuttingDown));
        Assert.Equal((false, ""), test.Send("4late"));
        Assert.Equal(["write 4b"], test.Written());
        Assert.Equal(["close ServerShuttingDown", "closed ServerShuttingDown"], test.Written());
        Assert.True(test.Session.IsGone);
    }

    [Fact]
    public void The_servers_close_does_not_wait_long_for_a_client_that_takes_nothing()
    {
        var test = TestSession.WebSocket();
        test.Send("4a", "4b");
        test.CloseAfterFlush(EngineIoCloseReason.ForcedClose);
        test.Pass(5);
        Assert.Equal(["abort ForcedClose", "closed ForcedClose"], test.Tick());
    }

    [Theory]
    [InlineData(true, "TransportClose")]
    [InlineData(false, "TransportError")]
    public void A_lost_socket_ends_the_session(bool byClient, string reason)
    {
        var test = TestSession.WebSocket();
        Assert.Equal([$"close {reason}", $"closed {reason}"], test.SocketLost(byClient));
        Assert.Empty(test.SocketLost(byClient));
    }

    [Fact]
    public void A_client_that_says_goodbye_during_a_write_is_not_cut_off()
    {
        var test = TestSession.WebSocket();
        test.Send("4a");
        Assert.Equal(["close TransportClose", "closed TransportClose"], test.SocketLost(byClient: true));
    }

    [Fact]
    public void The_first_reason_wins()
    {
        var test = TestSession.WebSocket();
        Assert.Equal("close ParseError; closed ParseError", test.Receive("abc").Wanted);
        Assert.Empty(test.SocketLost(byClient: false));
        Assert.Empty(test.Close(EngineIoCloseReason.PingTimeout));
    }

    [Fact]
    public void A_ping_from_the_client_is_the_wrong_way_round()
    {
        var test = TestSession.WebSocket();
        Assert.Equal((EngineIoInput.Handled, "close TransportError; closed TransportError"), test.Receive("2"));
    }

    [Fact]
    public void A_close_packet_ends_the_session()
    {
        var test = TestSession.WebSocket();
        Assert.Equal((EngineIoInput.Handled, "close TransportClose; closed TransportClose"), test.Receive("1"));
    }

    [Fact]
    public void Binary_frames_are_messages()
    {
        var test = TestSession.WebSocket();
        Assert.Equal((EngineIoInput.Message, ""), test.ReceiveBinary());
    }

    [Fact]
    public void A_GET_or_POST_is_refused_and_changes_nothing()
    {
        var test = TestSession.WebSocket();
        Assert.Empty(test.RefusedGet());
        Assert.Equal((false, ""), test.Post());
        Assert.Equal((true, "write 4a"), test.Send("4a"));
    }

    [Fact]
    public void More_packets_than_the_rate_allows_end_the_session()
    {
        var test = TestSession.WebSocket(TestSession.Settings with { MessagesPerSecond = 2, MessageBurst = 3 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(EngineIoInput.Message, test.Receive("4").Input);
        }

        test.Pass(1);
        Assert.Equal(EngineIoInput.Message, test.Receive("4").Input);
        Assert.Equal(EngineIoInput.Message, test.ReceiveBinary().Input);
        Assert.Equal((EngineIoInput.Handled, "close RateLimited; closed RateLimited"), test.Receive("6"));
    }
}
