using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Parley.SocketIo.AspNetCore.EngineIo;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>Between the end of a WebSocket and the threads that still hold it there is no time that a client could aim at, so here it is taken apart.</summary>
public sealed class WebSocketTransportTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSocketIo().BuildServiceProvider();
    private readonly EngineIoServer _server;
    private readonly DefaultHttpContext _context = new();
    private readonly Pipe _input = new();

    public WebSocketTransportTests() =>
        _server = new EngineIoServer(new SocketIoOptions(), _time, _services.GetRequiredService<SocketIoMetrics>(), NullLogger.Instance, (_, _) => new Nobody());

    public void Dispose()
    {
        _server.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_WebSocket_that_has_ended_does_not_touch_the_request_of_which_it_came(bool abort)
    {
        var (_, transport) = Open();

        // The session does not tell it of the end: its thread has been held up on the way to the last call below.
        await _input.Writer.CompleteAsync();
        await transport.RunAsync();

        // What the web server does with a request that is over.
        _context.Uninitialize();
        Assert.Throws<ObjectDisposedException>(_context.Abort);
        transport.Close(EngineIoCloseReason.ForcedClose, abort);
        _time.Advance(_server.Settings.CloseTimeout);
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_goodbye_is_cut_off_in_time()
    {
        var cut = new Lifetime();
        _context.Features.Set<IHttpRequestLifetimeFeature>(cut);
        var (connection, transport) = Open();
        connection.OpenOn(transport);
        var running = transport.RunAsync();
        connection.Fail(EngineIoCloseReason.ForcedClose);
        _time.Advance(_server.Settings.CloseTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(cut.RequestAborted.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(cut.RequestAborted.IsCancellationRequested);
        await _input.Writer.CompleteAsync(new IOException());
        await running;
    }

    private (EngineIoConnection Connection, WebSocketTransport Transport) Open()
    {
        var connection = _server.Open(_context, EngineIoTransport.WebSocket, textOnly: false, AddressKey.None);
        return (connection, new WebSocketTransport(_context, new WebSocketHandshake.Accepted(_input.Reader, Stream.Null), connection, _server));
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => RequestAborted = new CancellationToken(canceled: true);
    }

    private sealed class Nobody : IEngineIoHandler
    {
        public TimeSpan NextDeadline => TimeSpan.MaxValue;

        public bool OnMessage(byte[] buffer, int offset, int length, bool isBinary) => false;

        public ValueTask WhenReadyAsync() => ValueTask.CompletedTask;

        public void OnDeadline(TimeSpan now)
        {
        }

        public void OnClosed(EngineIoCloseReason reason)
        {
        }
    }
}
