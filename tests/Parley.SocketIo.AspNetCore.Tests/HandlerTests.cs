using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>What an application's handlers can rely on.</summary>
public sealed partial class HandlerTests
{
    [Fact]
    public async Task An_asynchronous_handler_holds_back_the_later_events_of_its_socket()
    {
        var release = new TaskCompletionSource();
        var seen = new List<string>();
        await using var server = await TestServer.StartAsync(io =>
        {
            io.On("join", async received =>
            {
                Record("join begins");
                await release.Task;
                Record("join ends");
                received.Ack();
            });
            io.On("message", received => { Record("message " + Encoding.UTF8.GetString(received.Json(0).Span)); });
        });
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await using var other = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("421[\"join\"]");
        await socket.SendAsync("42[\"message\",1]");
        await socket.SendAsync("42[\"message\",2]");
        await Eventually.HoldsAsync(() => seen.Count == 1, "The first handler's start");

        // Somebody else is not held back.
        await other.SendAsync("42[\"message\",3]");
        await Eventually.HoldsAsync(() => seen.Count == 2, "The other socket's event");
        release.SetResult();
        Assert.Equal("431[]", await socket.ReceiveAsync());
        await Eventually.HoldsAsync(() => seen.Count == 5, "The events held back");
        Assert.Equal(["join begins", "message 3", "join ends", "message 1", "message 2"], seen);

        void Record(string what)
        {
            lock (seen)
            {
                seen.Add(what);
            }
        }
    }

    [Fact]
    public async Task An_asynchronous_connection_handler_holds_back_events_too()
    {
        var release = new TaskCompletionSource();
        var order = new List<string>();
        await using var server = await TestServer.StartAsync(io =>
        {
            io.OnConnection(async socket =>
            {
                await release.Task;
                order.Add("connected");
                socket.On("e", received =>
                {
                    order.Add("event");
                    received.Ack();
                });
            });
        });
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("420[\"e\"]");
        release.SetResult();
        Assert.Equal("430[]", await socket.ReceiveAsync());
        Assert.Equal(["connected", "event"], order);
    }

    [Fact]
    public async Task Arguments_are_gone_when_the_handler_has_ended_and_can_be_acked_all_the_same()
    {
        SocketIoEvent? kept = null;
        await using var server = await TestServer.StartAsync(io => io.On("e", received =>
        {
            Assert.Equal("{ \"a\":1.0 }", Encoding.UTF8.GetString(received.Json(0).Span));
            kept = received;
        }));
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("425[\"e\",{ \"a\":1.0 }]");
        await socket.SendAsync("42[\"other\"]");
        await Eventually.HoldsAsync(() => kept is not null, "The event");
        await Eventually.HoldsAsync(() => Record.Exception(() => kept!.Json(0)) is InvalidOperationException, "The handler's end");
        Assert.Equal("e", kept!.Name);
        Assert.True(kept.ExpectsAck);
        Assert.True(kept.Ack("late", 1));
        Assert.False(kept.Ack("twice"));
        Assert.Equal("435[\"late\",1]", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task A_handler_that_fails_is_logged_and_hurts_nobody()
    {
        using var logs = new LogRecorder();
        await using var server = await TestServer.StartAsync(
            io =>
            {
                io.On("fail", _ => throw new InvalidOperationException("on purpose"));
                io.On("fail-later", async _ =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException("on purpose");
                });
                io.On("ok", received => { received.Ack(); });
            },
            builder: web => web.Logging.AddProvider(logs));
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("42[\"fail\"]");
        await socket.SendAsync("42[\"fail-later\"]");
        await socket.SendAsync("421[\"ok\"]");
        Assert.Equal("431[]", await socket.ReceiveAsync());
        Assert.Equal(2, logs.Entries.Count(entry => entry.Contains("EventHandlerFailed", StringComparison.Ordinal)));
        Assert.Equal(2, meter["socketio.handler.errors"]);
    }

    [Fact]
    public async Task Middleware_sees_each_event_first_and_can_stop_it()
    {
        await using var server = await TestServer.StartAsync(io =>
        {
            io.OnConnection(socket =>
            {
                socket.Use(async (received, next) =>
                {
                    if (received.Name == "forbidden")
                    {
                        received.Ack("no");
                        return;
                    }

                    await next();
                });
                socket.Use((_, next) => next());
            });
            io.On("forbidden", received => { received.Ack("yes"); });
            io.On("allowed", received => { received.Ack("yes"); });
        });
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("421[\"forbidden\"]");
        await socket.SendAsync("422[\"allowed\"]");
        Assert.Equal("431[\"no\"]", await socket.ReceiveAsync());
        Assert.Equal("432[\"yes\"]", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task All_handlers_of_a_name_run_those_of_the_namespace_first()
    {
        await using var server = await TestServer.StartAsync(io =>
        {
            io.On("e", received => { received.Socket.Emit("namespace"); });
            io.OnConnection(socket =>
            {
                socket.On("e", received => { socket.Emit("first"); });
                socket.On("e", received => { socket.Emit("second"); });
                socket.OnAny(received => { socket.Emit("any", received.Name); });
                socket.On("gone", _ => { socket.Emit("gone"); });
                socket.Off("gone");
            });
        });
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("42[\"gone\"]");
        await socket.SendAsync("42[\"\\u0065\"]");
        foreach (var expected in new[] { "42[\"any\",\"gone\"]", "42[\"any\",\"e\"]", "42[\"namespace\"]", "42[\"first\"]", "42[\"second\"]" })
        {
            Assert.Equal(expected, await socket.ReceiveAsync());
        }
    }

    [Fact]
    public async Task Typed_handlers_get_their_type_or_are_not_called()
    {
        await using var server = await TestServer.StartAsync(io => io.On("point", TestJson.Default.Point, (point, received) =>
        {
            received.Ack(new Point(point.Y, point.X), TestJson.Default.Point);
            return Task.CompletedTask;
        }));
        await using var socket = await WireSocket.JoinAsync(server.Url);
        await socket.SendAsync("421[\"point\",{\"X\":\"not a number\"}]");
        await socket.SendAsync("422[\"point\"]");
        await socket.SendAsync("423[\"point\",null]");
        await socket.SendAsync("424[\"point\",{\"X\":1,\"Y\":2}]");
        Assert.Equal("434[{\"X\":2,\"Y\":1}]", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Answers_of_clients_come_or_time_out_or_end_with_the_client()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        await using var wire = await WireSocket.JoinAsync(server.Url);
        var socket = await server.OnlySocketAsync();

        var answered = socket.EmitWithAckAsync("q", TimeSpan.FromSeconds(10), "x");
        Assert.Equal("420[\"q\",\"x\"]", await wire.ReceiveAsync());
        await wire.SendAsync("430[{\"X\":1,\"Y\":2}, \"z\"]");
        var reply = await answered;
        Assert.Equal(2, reply.Count);
        Assert.True(reply.TryGet(0, TestJson.Default.Point, out var point));
        Assert.Equal(new Point(1, 2), point);
        Assert.Equal("\"z\"", Encoding.UTF8.GetString(reply.Json(1).Span));

        var slow = socket.EmitWithAckAsync("q", TimeSpan.FromMilliseconds(1));
        Assert.Equal("421[\"q\"]", await wire.ReceiveAsync());
        await Assert.ThrowsAsync<TimeoutException>(() => slow);

        // Too late, twice, or never asked: ignored.
        await wire.SendAsync("431[]");
        await wire.SendAsync("430[]");
        await wire.SendAsync("4399[]");
        var cut = socket.EmitWithAckAsync("q", Timeout.InfiniteTimeSpan);
        Assert.Equal("422[\"q\"]", await wire.ReceiveAsync());
        wire.Abort();
        await Assert.ThrowsAsync<SocketIoDisconnectedException>(() => cut);
        await Assert.ThrowsAsync<SocketIoDisconnectedException>(() => socket.EmitWithAckAsync("q", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Middleware_of_a_namespace_sees_the_handshake_and_can_refuse()
    {
        await using var server = await TestServer.StartAsync(
            io => io.Use(async context =>
            {
                await Task.Yield();
                Assert.True(context.Handshake.TryGetAuth(TestJson.Default.Credentials, out var auth));
                Assert.Equal("blue", context.Handshake.Query["colour"].ToString());
                Assert.Equal("tester", context.Handshake.Headers.Single(header => header.Key == "X-Who").Value);
                Assert.Equal(System.Net.IPAddress.Loopback, context.Handshake.RemoteAddress);
                Assert.False(context.Handshake.User.Identity!.IsAuthenticated);
                if (auth!.Token == "throw")
                {
                    throw new InvalidOperationException("secret detail");
                }

                if (auth.Token != "good")
                {
                    context.Refuse("unauthorized", new Point(4, 2), TestJson.Default.Point);
                }

                context.Socket.Items["token"] = auth.Token;
            }),
            options => options.HandshakeHeaders.Add("X-Who"));
        await using var socket = await WireSocket.ConnectAsync(server.Url, "/socket.io/?EIO=4&transport=websocket&colour=blue", options => options.SetRequestHeader("X-Who", "tester"));
        await socket.ReceiveAsync();
        await socket.SendAsync("40{\"Token\":\"bad\"}");
        Assert.Equal("44{\"message\":\"unauthorized\",\"data\":{\"X\":4,\"Y\":2}}", await socket.ReceiveAsync());
        await socket.SendAsync("40{\"Token\":\"throw\"}");
        Assert.Equal("44{\"message\":\"Internal error\"}", await socket.ReceiveAsync());
        Assert.Equal(0, server.Io.Default.Count);
        await socket.SendAsync("40{\"Token\":\"good\"}");
        Assert.StartsWith("40{", await socket.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal("good", (await server.OnlySocketAsync()).Items["token"]);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("connect_error")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public async Task Reserved_names_cannot_be_sent_or_handled(string name)
    {
        await using var server = await TestServer.StartAsync(io =>
        {
            Assert.Throws<ArgumentException>(() => io.On(name, _ => { }));
            Assert.Throws<ArgumentException>(() => io.Emit(name));
        });
        await using var wire = await WireSocket.JoinAsync(server.Url);
        var socket = await server.OnlySocketAsync();
        Assert.Throws<ArgumentException>(() => socket.Emit(name));
        await Assert.ThrowsAsync<ArgumentException>(() => socket.EmitWithAckAsync(name, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Volatile_events_are_dropped_while_a_client_cannot_take_them()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var client = await WirePolling.JoinAsync(server.Url);
        var socket = await server.OnlySocketAsync();
        Assert.False(socket.EmitVolatile("tick", 1));
        Assert.True(socket.Emit("tock"));
        Assert.Equal("42[\"tock\"]", await client.GetTextAsync());
        Assert.Equal(0, server.Io.Default.All.Volatile.Emit("tick", 2));
    }

    [Fact]
    public async Task A_server_can_have_a_name_and_its_own_clients()
    {
        await using var server = await TestServer.StartAsync(_ => { }, builder: web => web.Services.AddSocketIo("other", options => options.PingInterval = TimeSpan.FromSeconds(7)));
        var other = server.App.Services.GetRequiredKeyedService<SocketIoServer>("other");
        Assert.NotSame(server.Io, other);
        Assert.Same(server.Io, server.App.Services.GetRequiredService<SocketIoServer>());
        Assert.Throws<InvalidOperationException>(() => server.App.MapSocketIo("/x", name: "unknown"));
    }

    internal sealed record Point(int X, int Y);

    internal sealed record Credentials(string Token);

    [JsonSerializable(typeof(Point))]
    [JsonSerializable(typeof(Credentials))]
    internal sealed partial class TestJson : JsonSerializerContext;
}
