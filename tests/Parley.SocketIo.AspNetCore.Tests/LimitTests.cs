using System.Net;
using System.Net.WebSockets;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>Every limit: it holds, the client learns why where the protocol has words for it, it is counted, and others do not notice.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Bytes_per_message_on_a_WebSocket()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxPayloadBytes = 10_000);
        using var meter = new MeterReader(server.App.Services);
        await using var other = await JoinedAsync(server);
        await using var socket = await JoinedAsync(server);
        await socket.SendAsync($"42[\"echo\",\"{new string('x', 9_000)}\"]");
        Assert.Equal(9_000 + 13, (await socket.ReceiveMessageAsync()).Length);
        await socket.SendAsync($"42[\"echo\",\"{new string('x', 10_000)}\"]");
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        Assert.Equal((WebSocketCloseStatus.MessageTooBig, "message too large"), (socket.CloseStatus, socket.CloseDescription));
        await AssertCountedAsync(meter, "message_bytes");
        await AssertAliveAsync(other);
    }

    [Fact]
    public async Task Bytes_per_message_in_many_fragments()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxPayloadBytes = 10_000);
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        await socket.SendFragmentAsync("42[\"echo\",\""u8.ToArray(), last: false);
        for (var i = 0; i < 5_000; i++)
        {
            await socket.SendFragmentAsync("x"u8.ToArray(), last: false);
        }

        await socket.SendFragmentAsync("\"]"u8.ToArray(), last: true);
        Assert.Equal(5_000 + 13, (await socket.ReceiveMessageAsync()).Length);
        try
        {
            for (var i = 0; i < 11_000; i++)
            {
                await socket.SendFragmentAsync("4"u8.ToArray(), last: false);
            }
        }
        catch (WebSocketException)
        {
            // The server need not wait for all of it.
        }

        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "message_bytes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_per_POST_whether_announced_or_not(bool announced)
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxPayloadBytes = 10_000);
        using var meter = new MeterReader(server.App.Services);
        using var client = await WirePolling.JoinAsync(server.Url);
        using HttpContent content = announced ? WirePolling.Text("4" + new string('x', 10_000)) : new StreamContent(new EndlessStream(50_000_000));
        HttpStatusCode? status;
        try
        {
            using var response = await client.PostAsync(content, TestContext.Current.CancellationToken);
            status = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The answer may come, and the connection go, while the client is still sending.
            status = null;
        }

        Assert.True(status is HttpStatusCode.RequestEntityTooLarge or null, $"{status}");
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
        await AssertCountedAsync(meter, "message_bytes");
    }

    [Fact]
    public async Task Bytes_of_a_message_and_its_attachments()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxPayloadBytes = 10_000);
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        await socket.SendAsync("452-[\"echo\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        await socket.SendAsync(new byte[6_000]);
        await socket.SendAsync(new byte[6_000]);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
        await AssertCountedAsync(meter, "message_bytes");
    }

    [Fact]
    public async Task Number_of_attachments()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add);
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        await socket.SendAsync("4511-[\"echo\"]");
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "attachments");
    }

    [Fact]
    public async Task Time_for_attachments()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.AttachmentTimeout = TimeSpan.FromMilliseconds(100));
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        await socket.SendAsync("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "attachment_time");
    }

    [Fact]
    public async Task Time_to_the_first_CONNECT()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.ConnectTimeout = TimeSpan.FromMilliseconds(100));
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await WireSocket.OpenAsync(server.Url);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "connect_time");
    }

    [Fact]
    public async Task Time_for_an_upgrade()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.UpgradeTimeout = TimeSpan.FromMilliseconds(100));
        using var meter = new MeterReader(server.App.Services);
        using var client = await WirePolling.OpenAsync(server.Url);
        await using var socket = await WireSocket.ConnectAsync(server.Url, $"/socket.io/?EIO=4&transport=websocket&sid={client.Sid}");
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "upgrade_time");
        await client.PostTextAsync("40");
        Assert.StartsWith("40", await client.GetTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_per_second_on_a_WebSocket()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options =>
        {
            options.MessagesPerSecond = 1;
            options.MessageBurst = 20;
        });
        using var meter = new MeterReader(server.App.Services);
        await using var other = await JoinedAsync(server);
        await using var socket = await JoinedAsync(server);
        try
        {
            for (var i = 0; i < 60; i++)
            {
                await socket.SendAsync("42[\"unknown\"]");
            }
        }
        catch (WebSocketException)
        {
            // The server need not wait for all of it.
        }

        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "too many messages"), (socket.CloseStatus, socket.CloseDescription));
        await AssertCountedAsync(meter, "message_rate");
        await AssertAliveAsync(other);
    }

    [Fact]
    public async Task Messages_per_second_by_polling()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options =>
        {
            options.MessagesPerSecond = 1;
            options.MessageBurst = 20;
        });
        using var meter = new MeterReader(server.App.Services);
        using var client = await WirePolling.JoinAsync(server.Url);
        using var response = await client.PostAsync(WirePolling.Text(string.Join('\u001e', Enumerable.Repeat("6", 100_000))), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Contains("Too many messages", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await AssertCountedAsync(meter, "message_rate");
    }

    [Fact]
    public async Task Bytes_queued_for_a_client_that_does_not_read()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxQueuedBytes = 1_000_000);
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        var slow = await server.OnlySocketAsync();
        await using var other = await JoinedAsync(server);
        var sent = 0;
        while (slow.Emit("flood", new string('x', 100_000)))
        {
            Assert.True(sent++ < 1000, "Nothing stopped the queue from growing.");
        }

        // What the kernel and the web server buffer comes on top of what is queued.
        await AssertCountedAsync(meter, "queued_bytes");
        await Eventually.HoldsAsync(() => server.Io.Engine.QueuedBytes == 0, "The empty queue");
        await AssertAliveAsync(other);
    }

    [Fact]
    public async Task Bytes_queued_for_a_client_that_does_not_poll()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxQueuedBytes = 1_000_000);
        using var meter = new MeterReader(server.App.Services);
        using var client = await WirePolling.JoinAsync(server.Url);
        var slow = await server.OnlySocketAsync();
        var sent = 0;
        while (slow.Emit("flood", new string('x', 100_000)))
        {
            sent++;
        }

        Assert.InRange(sent, 8, 10);
        await AssertCountedAsync(meter, "queued_bytes");
    }

    [Fact]
    public async Task Bytes_of_events_that_wait_for_a_handler_stop_the_reading_and_nothing_is_lost()
    {
        const int Events = 200;
        var release = new TaskCompletionSource();
        var handled = 0;
        await using var server = await TestServer.StartAsync(
            io => io.On("slow", async received =>
            {
                await release.Task;
                Assert.Equal(handled++, int.Parse(received.Json(0).Span, System.Globalization.CultureInfo.InvariantCulture));
            }),
            options =>
            {
                options.MaxUnhandledBytes = 50_000;

                // Much shorter than the handlers take: while nothing is read, no pong can be missed.
                options.PingInterval = options.PingTimeout = TimeSpan.FromMilliseconds(400);
            });
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await WireSocket.JoinAsync(server.Url);
        var sending = SendAllAsync(socket, Events);
        var receiving = socket.ReceiveMessageAsync();
        await AssertCountedAsync(meter, "unhandled_bytes");
        var received = meter["socketio.messages.received"];
        Assert.InRange(received, 2, 20);
        await Task.Delay(1_500, TestContext.Current.CancellationToken);
        Assert.Equal(1, server.Io.Default.Count);
        release.SetResult();
        await Eventually.HoldsAsync(() => handled == Events, "All events' handling");
        await sending;
        server.Io.Emit("done");
        Assert.Equal("42[\"done\"]", await receiving);
    }

    [Fact]
    public async Task Namespaces_per_connection()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxNamespacesPerConnection = 1);
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        await socket.SendAsync("40/admin,{\"secret\":\"yes\"}");
        Assert.Equal("44/admin,{\"message\":\"Too many namespaces\"}", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "namespaces");
        await AssertAliveAsync(socket);
    }

    [Fact]
    public async Task Depth_of_JSON()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxJsonDepth = 5);
        using var meter = new MeterReader(server.App.Services);
        await using var socket = await JoinedAsync(server);
        await socket.SendAsync("42[\"echo\",[[[[1]]]]]");
        Assert.Equal("42[\"echo\",[[[[1]]]]]", await socket.ReceiveMessageAsync());
        await socket.SendAsync("42[\"echo\",[[[[[1]]]]]]");
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
        await AssertCountedAsync(meter, "json_depth");
    }

    [Fact]
    public async Task Connections_in_all()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.MaxConnections = 2);
        using var meter = new MeterReader(server.App.Services);
        await using var first = await JoinedAsync(server);
        await using var second = await JoinedAsync(server);
        await AssertRefusedAsync(server, HttpStatusCode.ServiceUnavailable, "Too many connections");
        await AssertCountedAsync(meter, "connections");
        await first.CloseAsync();
        await Eventually.HoldsAsync(() => server.Io.ConnectionCount == 1, "The first connection's end");
        await using var third = await JoinedAsync(server);
    }

    [Fact]
    public async Task Connections_per_address()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options =>
        {
            options.LimitLoopbackAddresses = true;
            options.MaxConnectionsPerAddress = 2;
        });
        using var meter = new MeterReader(server.App.Services);
        await using var first = await JoinedAsync(server);
        using var second = await WirePolling.OpenAsync(server.Url);
        await AssertRefusedAsync(server, HttpStatusCode.TooManyRequests, "Too many connections from this address");
        await Assert.ThrowsAsync<WebSocketException>(() => WireSocket.OpenAsync(server.Url));
        await AssertCountedAsync(meter, "address_connections", 2);
        await first.CloseAsync();
        await Eventually.HoldsAsync(() => server.Io.ConnectionCount == 1, "The first connection's end");
        await using var third = await JoinedAsync(server);
    }

    [Fact]
    public async Task Handshakes_per_address()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options =>
        {
            options.LimitLoopbackAddresses = true;
            options.HandshakesPerAddressPerMinute = 3;
        });
        using var meter = new MeterReader(server.App.Services);
        for (var i = 0; i < 3; i++)
        {
            await using var socket = await JoinedAsync(server);
            await socket.CloseAsync();
        }

        await AssertRefusedAsync(server, HttpStatusCode.TooManyRequests, "Too many handshakes from this address");
        await AssertCountedAsync(meter, "address_handshakes");
    }

    [Fact]
    public void Addresses_are_counted_apart_and_forgotten()
    {
        var limiter = new AddressLimiter(maxConnections: 1, handshakesPerMinute: 60);
        var a = AddressKey.Of(IPAddress.Parse("192.0.2.1"), countLoopback: false);
        var mapped = AddressKey.Of(IPAddress.Parse("::ffff:192.0.2.1"), countLoopback: false);
        var six = AddressKey.Of(IPAddress.Parse("2001:db8:1:2:3::1"), countLoopback: false);
        var sameNetwork = AddressKey.Of(IPAddress.Parse("2001:db8:1:2:4::9"), countLoopback: false);
        var otherNetwork = AddressKey.Of(IPAddress.Parse("2001:db8:1:3::1"), countLoopback: false);
        Assert.Equal(a, mapped);
        Assert.Equal(six, sameNetwork);
        Assert.NotEqual(six, otherNetwork);
        Assert.True(AddressKey.Of(IPAddress.IPv6Loopback, countLoopback: false).IsNone);
        Assert.True(AddressKey.Of(IPAddress.Parse("127.0.0.5"), countLoopback: false).IsNone);
        Assert.False(AddressKey.Of(IPAddress.IPv6Any, countLoopback: false).IsNone);

        Assert.Equal(Admission.Admitted, limiter.TryAdmit(a, TimeSpan.Zero));
        Assert.Equal(Admission.TooManyFromAddress, limiter.TryAdmit(mapped, TimeSpan.Zero));
        Assert.Equal(Admission.Admitted, limiter.TryAdmit(six, TimeSpan.Zero));
        limiter.Release(a);
        Assert.Equal(Admission.Admitted, limiter.TryAdmit(a, TimeSpan.Zero));

        for (var i = 0; i < 10_000; i++)
        {
            var address = AddressKey.Of(new IPAddress(0x0a000000L + i), countLoopback: false);
            Assert.Equal(Admission.Admitted, limiter.TryAdmit(address, TimeSpan.FromSeconds(i)));
            limiter.Release(address);
        }

        Assert.InRange(limiter.Count, 2, 2048);
    }

    private static async Task AssertRefusedAsync(TestServer server, HttpStatusCode status, string message)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var response = await http.GetAsync("/socket.io/?EIO=4&transport=polling");
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), response.Headers.RetryAfter?.Delta);
        Assert.Equal($"{{\"code\":4,\"message\":\"{message}\"}}", await response.Content.ReadAsStringAsync());
    }

    private static async Task SendAllAsync(WireSocket socket, int events)
    {
        for (var i = 0; i < events; i++)
        {
            await socket.SendAsync($"42[\"slow\",{i},\"{new string('x', 10_000)}\"]");
        }
    }

    private static Task AssertCountedAsync(MeterReader meter, string limit, int times = 1) =>
        Eventually.HoldsAsync(() => meter.Limit(limit) == times, $"{times} hits of the limit {limit}");

    private static async Task AssertAliveAsync(WireSocket socket)
    {
        await socket.SendAsync("42[\"echo\",\"alive\"]");
        Assert.Equal("42[\"echo\",\"alive\"]", await socket.ReceiveMessageAsync());
    }

    private static async Task<WireSocket> JoinedAsync(TestServer server)
    {
        var socket = await WireSocket.JoinAsync(server.Url);
        Assert.StartsWith("42[\"welcome\"", await socket.ReceiveMessageAsync(), StringComparison.Ordinal);
        return socket;
    }

    // A body that goes on and does not say how long it is.
    private sealed class EndlessStream(long bytes) : Stream
    {
        private long _left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, read).Fill((byte)'x');
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
