using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

public sealed class UpgradeTests
{
    [Fact]
    public void A_waiting_GET_ends_when_the_probe_comes_and_the_socket_takes_over()
    {
        var test = TestSession.Polling();
        Assert.Empty(test.Get());
        Assert.True(test.Session.CandidateOpened(test.Now));
        Assert.Equal((EngineIoUpgrade.AnswerProbe, "answer 6"), test.Candidate("2probe"));
        Assert.Equal(EngineIoTransport.Polling, test.Session.Transport);
        Assert.Equal((EngineIoUpgrade.Done, ""), test.Candidate("5"));
        Assert.Equal(EngineIoTransport.WebSocket, test.Session.Transport);
        Assert.Equal((true, "write 4a"), test.Send("4a"));
        Assert.Empty(test.RefusedGet());
    }

    [Fact]
    public void What_was_queued_meanwhile_goes_to_the_socket_in_order()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        test.Send("4a");
        test.Send("4b");
        Assert.Equal((EngineIoUpgrade.Done, ""), test.Candidate("5"));
        Assert.Equal((true, "write 4a"), test.Send("4c"));
        Assert.Equal(["write 4b"], test.Written());
        Assert.Equal(["write 4c"], test.Written());
    }

    [Fact]
    public void A_GET_during_the_probe_is_held_a_moment_and_then_gets_nothing()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        Assert.Empty(test.Get());
        Assert.Equal(["answer 6"], test.TickWhenDue());
        Assert.Equal((EngineIoUpgrade.Done, ""), test.Candidate("5"));
    }

    [Fact]
    public void A_GET_during_the_probe_is_refused_when_the_upgrade_comes_in_that_moment()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        Assert.Empty(test.Get());
        Assert.Equal((EngineIoUpgrade.Done, "refuse"), test.Candidate("5"));
    }

    [Fact]
    public void A_GET_during_the_probe_still_gets_messages()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        Assert.Empty(test.Get());
        Assert.Equal((true, "answer 4a"), test.Send("4a"));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("2")]
    [InlineData("2probe2")]
    [InlineData("4hello")]
    [InlineData("")]
    public void Anything_but_a_probe_closes_the_new_socket_only(string text)
    {
        var test = TestSession.Polling();
        Assert.True(test.Session.CandidateOpened(test.Now));
        Assert.Equal((EngineIoUpgrade.Close, ""), test.Candidate(text));
        Assert.Empty(test.Get());
        Assert.Equal((true, "answer 4a"), test.Send("4a"));
        Assert.True(test.Session.CandidateOpened(test.Now));
    }

    [Theory]
    [InlineData("2probe")]
    [InlineData("4hello")]
    [InlineData("6")]
    public void Anything_but_an_upgrade_after_the_probe_closes_the_new_socket_only(string text)
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        Assert.Equal((EngineIoUpgrade.Close, ""), test.Candidate(text));
        Assert.Empty(test.Get());
        Assert.Equal((true, "answer 4a"), test.Send("4a"));
    }

    [Fact]
    public void A_GET_held_for_an_upgrade_that_fails_waits_like_any_other()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        Assert.Empty(test.Get());
        test.Session.CandidateClosed();
        test.Pass(1);
        Assert.Empty(test.Tick());
        Assert.Equal((true, "answer 4a"), test.Send("4a"));
    }

    [Fact]
    public void A_socket_that_does_not_finish_in_time_is_closed_and_polling_goes_on()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        test.Candidate("2probe");
        test.Pass(10);
        Assert.Equal(["drop overdue candidate"], test.Tick());
        Assert.Equal((EngineIoUpgrade.Close, ""), test.Candidate("5"));
        Assert.Empty(test.Get());
        Assert.Equal((true, "answer 4a"), test.Send("4a"));
    }

    [Fact]
    public void Only_one_socket_may_try_and_only_once()
    {
        var test = TestSession.Polling();
        Assert.True(test.Session.CandidateOpened(test.Now));
        Assert.False(test.Session.CandidateOpened(test.Now));
        test.Candidate("2probe");
        Assert.False(test.Session.CandidateOpened(test.Now));
        test.Candidate("5");
        Assert.False(test.Session.CandidateOpened(test.Now));
    }

    [Fact]
    public void The_end_of_the_session_closes_the_new_socket_too()
    {
        var test = TestSession.Polling();
        test.Session.CandidateOpened(test.Now);
        Assert.Equal("drop candidate; closed ParseError", test.Receive("abc").Wanted);
        Assert.False(test.Session.CandidateOpened(test.Now));
    }

    [Fact]
    public void Upgrades_can_be_off()
    {
        var test = TestSession.Polling(TestSession.Settings with { AllowUpgrade = false });
        Assert.False(test.Session.CandidateOpened(test.Now));
    }

    [Fact]
    public void The_upgraded_session_is_a_socket_session()
    {
        var test = TestSession.Upgraded();
        Assert.Equal((true, "write 4a"), test.Send("4a"));
        Assert.Equal(["close TransportClose", "closed TransportClose"], [.. test.Written(), .. test.SocketLost(byClient: true)]);
    }
}
