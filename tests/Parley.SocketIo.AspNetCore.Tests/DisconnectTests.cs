using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>Every way a socket can end, its reason, and that its end is told exactly once.</summary>
public sealed class DisconnectTests : IAsyncLifetime
{
    private readonly List<string> _ends = [];
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_client_closes_its_WebSocket()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        await socket.CloseAsync();
        await AssertEndsAsync("transport close");
    }

    [Fact]
    public async Task The_client_sends_a_close_packet()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        await socket.SendAsync("1");
        await AssertEndsAsync("transport close");
        Assert.Equal("closed", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task The_client_sends_a_close_packet_by_polling()
    {
        using var client = await WirePolling.JoinAsync(_server.Url);
        await client.PostTextAsync("1");
        await AssertEndsAsync("transport close");
    }

    [Fact]
    public async Task The_connection_breaks()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        socket.Abort();
        await AssertEndsAsync("transport error");
    }

    [Fact]
    public async Task The_client_aborts_its_GET()
    {
        using var client = await WirePolling.JoinAsync(_server.Url);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(cancel.Token));
        await AssertEndsAsync("transport error");
    }

    [Fact]
    public async Task The_client_sends_junk()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        await socket.SendAsync("42[");
        await AssertEndsAsync("parse error");
        Assert.Equal("closed", await socket.ReceiveAsync());
        Assert.Equal((WebSocketCloseStatus.ProtocolError, "parse error"), (socket.CloseStatus, socket.CloseDescription));
    }

    [Fact]
    public async Task The_client_leaves_the_namespace()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        await socket.SendAsync("41");
        await AssertEndsAsync("client namespace disconnect");
        await socket.SendAsync("40");
        Assert.StartsWith("40", await socket.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_takes_the_client_out_of_the_namespace()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        (await _server.OnlySocketAsync()).Disconnect();
        Assert.Equal("41", await socket.ReceiveAsync());
        await AssertEndsAsync("server namespace disconnect");
        await socket.SendAsync("40");
        Assert.StartsWith("40", await socket.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_takes_the_client_out_of_all_namespaces_and_closes()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        await socket.SendAsync("40/admin,");
        Assert.StartsWith("40/admin,", await socket.ReceiveAsync(), StringComparison.Ordinal);
        (await _server.OnlySocketAsync()).Disconnect(closeConnection: true);
        Assert.Equal("41", await socket.ReceiveAsync());
        Assert.Equal("41/admin,", await socket.ReceiveAsync());
        Assert.Equal("closed", await socket.ReceiveAsync());
        await AssertEndsAsync("server namespace disconnect", "server namespace disconnect");
    }

    [Fact]
    public async Task The_server_closes_the_transport_under_the_client()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        var server = await _server.OnlySocketAsync();
        server.Emit("last");
        server.CloseTransport();
        Assert.False(server.Emit("too late"));
        Assert.Equal("42[\"last\"]", await socket.ReceiveAsync());
        Assert.Equal("closed", await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await AssertEndsAsync("forced close");
    }

    [Fact]
    public async Task The_server_closes_the_transport_under_a_polling_client()
    {
        using var client = await WirePolling.JoinAsync(_server.Url);
        var server = await _server.OnlySocketAsync();
        server.Emit("last");
        server.CloseTransport();
        Assert.Equal("42[\"last\"]\u001e1", await client.GetTextAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
        await AssertEndsAsync("forced close");
    }

    [Fact]
    public async Task A_polling_client_that_asks_to_be_closed_has_its_POST_accepted_and_reads_the_goodbye_in_its_GET()
    {
        _server.Io.On("close-me", received => received.Socket.CloseTransport());
        for (var i = 0; i < 50; i++)
        {
            using var client = await WirePolling.JoinAsync(_server.Url);
            var poll = client.GetTextAsync();
            await client.PostTextAsync("42[\"close-me\"]");
            Assert.Equal("1", await poll);
        }
    }

    [Fact]
    public async Task The_client_does_not_answer_pings()
    {
        await using var server = await StartAsync(options => options.PingInterval = options.PingTimeout = TimeSpan.FromMilliseconds(100));
        await using var socket = await WireSocket.JoinAsync(server.Url);
        Assert.Equal("2", await socket.ReceiveAsync());
        Assert.Equal("closed", await socket.ReceiveAsync());
        await AssertEndsAsync("ping timeout");
    }

    [Fact]
    public async Task The_server_shuts_down_and_flushes_first()
    {
        var requests = new RequestCounter();
        await using var server = await StartAsync(builder: web => web.Services.AddSingleton<IStartupFilter>(requests));
        await using var socket = await WireSocket.JoinAsync(server.Url);
        using var client = await WirePolling.JoinAsync(server.Url);
        var poll = client.GetTextAsync();
        await Eventually.HoldsAsync(() => server.Io.Default.All.Volatile.Emit("ready") == 2, "The waiting GET");
        Assert.Equal("42[\"ready\"]", await poll);
        var before = requests.Begun;
        poll = client.GetTextAsync();

        // A server that stops takes no new requests.
        await Eventually.HoldsAsync(() => requests.Begun > before, "The GET");
        server.Io.Emit("last");
        await server.App.StopAsync(TestContext.Current.CancellationToken);

        string message;
        do
        {
            message = await socket.ReceiveAsync();
        }
        while (message == "42[\"ready\"]");

        Assert.Equal("42[\"last\"]", message);
        Assert.Equal("closed", await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.StartsWith("42[\"last\"]", await poll, StringComparison.Ordinal);
        await AssertEndsAsync("server shutting down", "server shutting down");
    }

    [Fact]
    public async Task The_handlers_of_the_end_come_after_those_of_events_and_the_token_before()
    {
        var order = new List<string>();
        var release = new TaskCompletionSource();
        var ended = new TaskCompletionSource<bool>();
        await using var server = await TestServer.StartAsync(io => io.OnConnection(socket =>
        {
            socket.Closed.Register(() => order.Add("token"));
            socket.On("slow", async _ =>
            {
                await release.Task;
                order.Add("slow ends");
            });
            socket.On("next", _ => order.Add("next"));
            socket.OnDisconnect(async _ =>
            {
                await Task.Yield();
                order.Add("disconnect");
                ended.SetResult(true);
            });
        }));
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("42[\"slow\"]");
        await socket.SendAsync("42[\"next\"]");
        await socket.CloseAsync();
        await Eventually.HoldsAsync(() => order.Count == 1, "The token's cancellation");
        release.SetResult();
        await Eventually.ComesAsync(ended);
        Assert.Equal(["token", "slow ends", "next", "disconnect"], order);
    }

    [Fact]
    public async Task The_end_is_told_once_when_both_sides_end_at_the_same_time()
    {
        for (var i = 0; i < 100; i++)
        {
            await using var socket = await WireSocket.JoinAsync(_server.Url);
            var here = await _server.OnlySocketAsync();
            var server = Task.Run(() => here.Disconnect(closeConnection: true), TestContext.Current.CancellationToken);
            var transport = Task.Run(here.CloseTransport, TestContext.Current.CancellationToken);
            if (i % 2 == 0)
            {
                socket.Abort();
            }
            else
            {
                await socket.SendAsync("41");
            }

            await Task.WhenAll(server, transport);
            await Eventually.HoldsAsync(() => _server.Io.SocketCount == 0, "The end of all sockets");
            Assert.Equal(i + 1, _ends.Count);
        }
    }

    [Fact]
    public async Task What_crosses_the_servers_disconnect_hurts_nobody()
    {
        await using var socket = await WireSocket.JoinAsync(_server.Url);
        await socket.SendAsync("40/admin,");
        Assert.StartsWith("40/admin,", await socket.ReceiveAsync(), StringComparison.Ordinal);
        (await _server.OnlySocketAsync()).Disconnect();
        await socket.SendAsync("42[\"crossing\"]");
        await socket.SendAsync("42/admin,1[\"still here\"]");
        Assert.Equal("41", await socket.ReceiveAsync());
        Assert.Equal("43/admin,1[]", await socket.ReceiveAsync());
    }

    private Task<TestServer> StartAsync(Action<SocketIoOptions>? options = null, Action<WebApplicationBuilder>? builder = null) => TestServer.StartAsync(
        io =>
        {
            io.OnDisconnect((_, reason) => Record(reason));
            io.Of("/admin").OnDisconnect((_, reason) => Record(reason));
            io.Of("/admin").On("still here", received => { received.Ack(); });
        },
        options,
        builder);

    private void Record(SocketIoDisconnectReason reason)
    {
        lock (_ends)
        {
            _ends.Add(reason.ToText());
        }
    }

    // All that will come has come when nobody is left.
    private async Task AssertEndsAsync(params string[] reasons)
    {
        await Eventually.HoldsAsync(() => _ends.Count >= reasons.Length, "The end");
        await Eventually.HoldsAsync(() => _server.Io.SocketCount == 0, "The end of all sockets");
        Assert.Equal(reasons, _ends);
    }

    private sealed class RequestCounter : IStartupFilter
    {
        private int _begun;

        public int Begun => Volatile.Read(ref _begun);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((_, rest) =>
            {
                Interlocked.Increment(ref _begun);
                return rest();
            });
            next(app);
        };
    }
}
