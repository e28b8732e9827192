using System.Text;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.Tests.EngineIo;

/// <summary>A session, its clock and its sink: each call returns what the session wants done.</summary>
internal sealed class TestSession
{
    public static readonly EngineIoSettings Settings = new()
    {
        PingInterval = TimeSpan.FromSeconds(25),
        PingTimeout = TimeSpan.FromSeconds(20),
        UpgradeTimeout = TimeSpan.FromSeconds(10),
        CloseTimeout = TimeSpan.FromSeconds(5),
        MaxQueuedBytes = 1000,
        MessagesPerSecond = 0,
    };

    private RecordingSink _sink = new();

    public TestSession(EngineIoTransport transport, EngineIoSettings? settings = null) =>
        Session = new EngineIoSession(settings ?? Settings, transport, Text("0{}"), Now);

    public EngineIoSession Session { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    /// <summary>A polling session whose handshake has been fetched.</summary>
    public static TestSession Polling(EngineIoSettings? settings = null)
    {
        var test = new TestSession(EngineIoTransport.Polling, settings);
        Assert.Equal(["answer 0{}"], test.Get());
        return test;
    }

    /// <summary>A session on a WebSocket whose handshake has been written.</summary>
    public static TestSession WebSocket(EngineIoSettings? settings = null)
    {
        var test = new TestSession(EngineIoTransport.WebSocket, settings);
        test.Session.WebSocketOpened(test.Now, ref test._sink);
        Assert.Equal("write 0{}", test._sink.TakeText());
        Assert.Empty(test.Written());
        return test;
    }

    /// <summary>A session that has moved from polling to a WebSocket.</summary>
    public static TestSession Upgraded()
    {
        var test = Polling();
        Assert.True(test.Session.CandidateOpened(test.Now));
        Assert.Equal((EngineIoUpgrade.AnswerProbe, ""), test.Candidate("2probe"));
        Assert.Equal((EngineIoUpgrade.Done, ""), test.Candidate("5"));
        test.Session.WebSocketOpened(test.Now, ref test._sink);
        Assert.Empty(test._sink.TakeText());
        return test;
    }

    public void Pass(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    public string[] Get()
    {
        Assert.True(Session.PollStarted(Now, ref _sink));
        return _sink.Take();
    }

    public string[] RefusedGet()
    {
        Assert.False(Session.PollStarted(Now, ref _sink));
        return _sink.Take();
    }

    public string[] AbortGet()
    {
        Session.PollAborted(Now, ref _sink);
        return _sink.Take();
    }

    public (bool Accepted, string Wanted) Post()
    {
        var accepted = Session.PostStarted(Now, ref _sink);
        return (accepted, _sink.TakeText());
    }

    public (EngineIoInput Input, string Wanted) Receive(string packet)
    {
        var input = Session.ReceiveText(Encoding.UTF8.GetBytes(packet), Now, ref _sink);
        return (input, _sink.TakeText());
    }

    public (EngineIoInput Input, string Wanted) ReceiveBinary()
    {
        var input = Session.ReceiveBinary(Now, ref _sink);
        return (input, _sink.TakeText());
    }

    public (EngineIoUpgrade Upgrade, string Wanted) Candidate(string text)
    {
        var upgrade = Session.CandidateReceived(Encoding.UTF8.GetBytes(text), Now, ref _sink);
        return (upgrade, _sink.TakeText());
    }

    public (bool Taken, string Wanted) Send(params string[] texts)
    {
        var taken = Session.Send([.. texts.Select(Text)], @volatile: false, Now, ref _sink);
        return (taken, _sink.TakeText());
    }

    public (bool Taken, string Wanted) SendVolatile(string text)
    {
        var taken = Session.Send([Text(text)], @volatile: true, Now, ref _sink);
        return (taken, _sink.TakeText());
    }

    public string[] Written()
    {
        Session.WebSocketWritten(Now, ref _sink);
        return _sink.Take();
    }

    public string[] SocketLost(bool byClient)
    {
        Session.WebSocketClosed(byClient, Now, ref _sink);
        return _sink.Take();
    }

    public string[] Close(EngineIoCloseReason reason)
    {
        Session.Close(reason, Now, ref _sink);
        return _sink.Take();
    }

    public string[] CloseAfterFlush(EngineIoCloseReason reason)
    {
        Session.CloseAfterFlush(reason, Now, ref _sink);
        return _sink.Take();
    }

    public string[] Tick()
    {
        Session.Tick(Now, ref _sink);
        return _sink.Take();
    }

    /// <summary>Lets the time pass until the session's next deadline, and calls it.</summary>
    public string[] TickWhenDue()
    {
        Assert.NotEqual(TimeSpan.MaxValue, Session.NextDeadline);
        Now = Session.NextDeadline;
        return Tick();
    }

    private static EngineIoFrame Text(string text) => new(Encoding.UTF8.GetBytes(text), IsBinary: false);
}
