using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

public sealed class HeartbeatTests
{
    [Fact]
    public void The_next_ping_comes_an_interval_after_the_pong()
    {
        var test = TestSession.WebSocket();
        var opened = test.Now;
        Assert.Equal(["write 2"], test.TickWhenDue());
        Assert.Equal(opened + TimeSpan.FromSeconds(25), test.Now);
        test.Written();
        test.Pass(7);
        Assert.Equal((EngineIoInput.Handled, ""), test.Receive("3"));
        Assert.Equal(["write 2"], test.TickWhenDue());
        Assert.Equal(opened + TimeSpan.FromSeconds(25 + 7 + 25), test.Now);
    }

    [Fact]
    public void Without_a_pong_the_session_ends()
    {
        var test = TestSession.WebSocket();
        test.TickWhenDue();
        test.Written();
        test.Pass(19.9);
        Assert.Empty(test.Tick());
        test.Pass(0.1);
        Assert.Equal(["close PingTimeout", "closed PingTimeout"], test.Tick());
    }

    [Fact]
    public void Only_a_pong_counts()
    {
        var test = TestSession.WebSocket();
        test.TickWhenDue();
        test.Written();
        test.Pass(19);
        Assert.Equal(EngineIoInput.Message, test.Receive("4hello").Input);
        Assert.Equal(EngineIoInput.Handled, test.Receive("6").Input);
        test.Pass(1);
        Assert.Equal(["close PingTimeout", "closed PingTimeout"], test.Tick());
    }

    [Fact]
    public void Pongs_that_nobody_asked_for_do_not_put_off_the_ping()
    {
        var test = TestSession.WebSocket();
        test.Pass(24);
        test.Receive("3");
        test.Pass(1);
        Assert.Equal(["write 2"], test.Tick());
    }

    [Fact]
    public void A_poll_after_the_deadline_finds_the_session_dead_even_if_nobody_ticked()
    {
        var test = TestSession.Polling();
        test.TickWhenDue();
        test.Pass(20);
        Assert.Equal(["closed PingTimeout"], test.RefusedGet());
        Assert.True(test.Session.IsGone);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9.9)]
    [InlineData(20)]
    [InlineData(60)]
    public void A_client_that_does_not_poll_is_dead_on_time_however_late_the_ping_was(double late)
    {
        var test = TestSession.Polling();
        test.Pass(25 + late);
        var wanted = test.Tick();
        test.Pass(Math.Max(0, 20 - late));
        Assert.Equal(["closed PingTimeout"], [.. wanted, .. test.RefusedGet()]);
        Assert.True(test.Session.IsGone);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(9.9)]
    [InlineData(60)]
    public void A_ping_that_is_late_does_not_cost_the_client_its_time(double late)
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        test.Pass(25 + late);
        Assert.Equal(["answer 2"], test.Tick());
        test.Pass(19.9);
        Assert.Empty(test.Tick());
        Assert.Equal((EngineIoInput.Handled, ""), test.Receive("3"));
        test.Pass(20);
        Assert.Empty(test.Get());
    }

    [Fact]
    public void A_waiting_GET_gets_the_ping()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.Equal(["answer 2"], test.TickWhenDue());
    }

    [Fact]
    public void While_the_server_does_not_read_no_pong_is_missed()
    {
        var test = TestSession.WebSocket();
        test.Session.SetReadingPaused(true, test.Now);
        Assert.Equal(["write 2"], test.TickWhenDue());
        Assert.Empty(test.Written());
        test.Pass(100);
        Assert.Empty(test.Tick());
        test.Session.SetReadingPaused(false, test.Now);
        test.Pass(19);
        Assert.Empty(test.Tick());
        test.Pass(1);
        Assert.Equal(["close PingTimeout", "closed PingTimeout"], test.Tick());
    }
}
