using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

public sealed class PollingTests
{
    [Fact]
    public void A_GET_gets_all_that_is_queued_at_once_and_in_order()
    {
        var test = TestSession.Polling();
        Assert.Equal((true, ""), test.Send("4a"));
        Assert.Equal((true, ""), test.Send("4b", "4c"));
        Assert.Equal(["answer 4a|4b|4c"], test.Get());
        Assert.Equal(0, test.Session.QueuedBytes);
    }

    [Fact]
    public void A_waiting_GET_is_answered_as_soon_as_there_is_something()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal((true, "answer 4a"), test.Send("4a"));
        Assert.Equal((true, ""), test.Send("4b"));
        Assert.Equal(["answer 4b"], test.Get());
    }

    [Fact]
    public void A_second_GET_ends_the_session_and_the_first_hears_of_it()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal(["answer 1", "closed TransportError"], test.RefusedGet());
        Assert.Empty(test.RefusedGet());
        Assert.True(test.Session.IsGone);
    }

    [Fact]
    public void A_second_POST_ends_the_session()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal((true, ""), test.Post());
        Assert.Equal((false, "answer 1; closed TransportError"), test.Post());
    }

    [Fact]
    public void A_POST_may_follow_another()
    {
        var test = TestSession.Polling();
        Assert.Equal((true, ""), test.Post());
        test.Session.PostEnded();
        Assert.Equal((true, ""), test.Post());
    }

    [Fact]
    public void A_client_that_goes_away_from_its_GET_ends_the_session()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal(["closed TransportError"], test.AbortGet());
        Assert.Empty(test.RefusedGet());
    }

    [Fact]
    public void A_client_that_closes_lets_its_waiting_GET_end_with_nothing()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal((EngineIoInput.Handled, "answer 6; closed TransportClose"), test.Receive("1"));
        Assert.Empty(test.RefusedGet());
        Assert.True(test.Session.IsGone);
    }

    [Fact]
    public void A_GET_that_a_clients_close_overtook_is_still_answered_once()
    {
        var test = TestSession.Polling();
        Assert.Equal((EngineIoInput.Handled, "closed TransportClose"), test.Receive("1"));
        Assert.False(test.Session.IsGone);
        test.Pass(0.9);
        Assert.Equal(["answer 6"], test.Get());
        Assert.Empty(test.RefusedGet());
        Assert.True(test.Session.IsGone);
    }

    [Fact]
    public void A_GET_too_long_after_a_clients_close_is_refused()
    {
        var test = TestSession.Polling();
        test.Receive("1");
        test.Pass(1);
        Assert.Empty(test.RefusedGet());
        Assert.Empty(test.Tick());
        Assert.True(test.Session.IsGone);
    }

    [Fact]
    public void The_servers_close_reaches_a_waiting_GET_with_what_was_queued_before()
    {
        var test = TestSession.Polling();
        test.Send("4bye");
        Assert.Empty(test.CloseAfterFlush(EngineIoCloseReason.ForcedClose));
        Assert.Equal((false, ""), test.Send("4late"));
        Assert.Equal(["answer 4bye|1", "closed ForcedClose"], test.Get());
        Assert.True(test.Session.IsGone);

        test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal(["answer 1", "closed ForcedClose"], test.CloseAfterFlush(EngineIoCloseReason.ForcedClose));
    }

    [Fact]
    public void The_servers_close_waits_thirty_seconds_for_a_GET()
    {
        var test = TestSession.Polling();
        test.CloseAfterFlush(EngineIoCloseReason.ForcedClose);
        test.Pass(24);
        Assert.Empty(test.Tick());
        test.Pass(6);
        Assert.Equal(["closed ForcedClose"], test.Tick());
        Assert.True(test.Session.IsGone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("7")]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData("\u001e")]
    public void What_is_no_packet_ends_the_session_and_leaves_nothing(string packet)
    {
        var test = TestSession.Polling();
        Assert.Equal((EngineIoInput.Handled, "closed ParseError"), test.Receive(packet));
        Assert.Empty(test.RefusedGet());
        Assert.True(test.Session.IsGone);
        Assert.Equal((EngineIoInput.Handled, ""), test.Receive("4later"));
    }

    [Fact]
    public void Volatile_packets_need_a_waiting_GET()
    {
        var test = TestSession.Polling();
        Assert.Equal((false, ""), test.SendVolatile("4now"));
        Assert.Empty(test.Get());
        Assert.Equal((true, "answer 4now"), test.SendVolatile("4now"));
        Assert.Equal((false, ""), test.SendVolatile("4now"));
    }

    [Fact]
    public void Messages_and_binary_messages_are_for_the_layer_above()
    {
        var test = TestSession.Polling();
        Assert.Equal((EngineIoInput.Message, ""), test.Receive("4hello"));
        Assert.Equal((EngineIoInput.Message, ""), test.Receive("4"));
        Assert.Equal((EngineIoInput.Base64Message, ""), test.Receive("bAQID"));
        Assert.Equal((EngineIoInput.Handled, ""), test.Receive("6"));
    }
}
