using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests.Conformance;

/// <summary>
/// The cases of the official Engine.IO suite, version 4, and of the Engine.IO part of the official Socket.IO suite, version 5: the same requests must
/// have the same outcome on a bare Engine.IO endpoint and on a Socket.IO one.
/// </summary>
public sealed class EngineIoConformanceTests(ConformanceFixture host) : IClassFixture<ConformanceFixture>
{
    private const string Bare = "/engine.io/";
    private const string SocketIo = "/socket.io/";
    private static readonly TimeSpan PingInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Handshake_by_polling_opens_a_session(string path)
    {
        using var http = new HttpClient { BaseAddress = host.Punctual };
        var content = await http.GetStringAsync($"{path}?EIO=4&transport=polling", TestContext.Current.CancellationToken);
        AssertHandshake(content, "websocket");
    }

    [Theory]
    [InlineData(Bare, "?transport=polling")]
    [InlineData(Bare, "?EIO=abc&transport=polling")]
    [InlineData(SocketIo, "?transport=polling")]
    [InlineData(SocketIo, "?EIO=abc&transport=polling")]
    public async Task Handshake_by_polling_fails_with_a_wrong_version(string path, string query) => await AssertBadRequestAsync(HttpMethod.Get, path + query);

    [Theory]
    [InlineData(Bare, "?EIO=4")]
    [InlineData(Bare, "?EIO=4&transport=abc")]
    [InlineData(SocketIo, "?EIO=4")]
    [InlineData(SocketIo, "?EIO=4&transport=abc")]
    public async Task Handshake_by_polling_fails_with_a_wrong_transport(string path, string query) => await AssertBadRequestAsync(HttpMethod.Get, path + query);

    [Theory]
    [InlineData(Bare, "POST")]
    [InlineData(Bare, "PUT")]
    [InlineData(SocketIo, "POST")]
    [InlineData(SocketIo, "PUT")]
    public async Task Handshake_by_polling_fails_with_a_wrong_method(string path, string method) =>
        await AssertBadRequestAsync(new HttpMethod(method), $"{path}?EIO=4&transport=polling");

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Handshake_by_WebSocket_opens_a_session(string path)
    {
        await using var socket = await WireSocket.ConnectAsync(host.Punctual, $"{path}?EIO=4&transport=websocket");
        AssertHandshake(await socket.ReceiveAsync());
    }

    [Theory]
    [InlineData(Bare, "?transport=websocket")]
    [InlineData(Bare, "?EIO=abc&transport=websocket")]
    [InlineData(SocketIo, "?transport=websocket")]
    [InlineData(SocketIo, "?EIO=abc&transport=websocket")]
    public async Task Handshake_by_WebSocket_fails_with_a_wrong_version(string path, string query) => await AssertNoSocketAsync(path + query);

    [Theory]
    [InlineData(Bare, "?EIO=4")]
    [InlineData(Bare, "?EIO=4&transport=abc")]
    [InlineData(SocketIo, "?EIO=4")]
    [InlineData(SocketIo, "?EIO=4&transport=abc")]
    public async Task Handshake_by_WebSocket_fails_with_a_wrong_transport(string path, string query) => await AssertNoSocketAsync(path + query);

    [Theory]
    [InlineData("4hello")]
    [InlineData("4test1\u001e4test2\u001e4test3")]
    [InlineData("4hello\u001ebAQIDBA==")]
    public async Task Messages_by_polling_come_back_as_they_went(string payload)
    {
        using var client = await WirePolling.OpenAsync(host.Patient, Bare);
        await client.PostTextAsync(payload);
        Assert.Equal(payload, await client.GetTextAsync());
    }

    [Fact]
    public async Task Messages_by_polling_in_a_wrong_format_close_the_session()
    {
        using var client = await WirePolling.OpenAsync(host.Patient, Bare);
        Assert.Equal(HttpStatusCode.BadRequest, await client.PostStatusAsync("abc"));
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }

    [Fact]
    public async Task Messages_by_polling_end_when_two_GETs_come()
    {
        using var client = await WirePolling.OpenAsync(host.Patient, Bare);
        var first = client.GetAsync(TestContext.Current.CancellationToken);
        var second = client.GetAsync(TestContext.Current.CancellationToken);
        var answers = await Task.WhenAll(first, second);

        // Which of the two the server sees first is not known here: one waits and hears of the end, the other is refused.
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.BadRequest], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal("1", await answers.Single(answer => answer.IsSuccessStatusCode).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }

    [Fact]
    public async Task Messages_by_polling_end_when_a_GET_is_cancelled()
    {
        using var client = await WirePolling.OpenAsync(host.Patient, Bare);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(cancel.Token));
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }

    [Fact]
    public async Task Messages_by_WebSocket_come_back_as_they_went()
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient, Bare);
        await socket.SendAsync("4hello");
        Assert.Equal("4hello", await socket.ReceiveMessageAsync());
        await socket.SendAsync([1, 2, 3, 4]);
        Assert.Equal("<01020304>", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Messages_by_WebSocket_in_a_wrong_format_close_the_session()
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient, Bare);
        await socket.SendAsync("abc");
        Assert.Equal("closed", await socket.ReceiveAsync());
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Heartbeat_by_polling_goes_on_while_it_is_answered(string path)
    {
        using var client = await WirePolling.OpenAsync(host.Patient, path);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("2", await client.GetTextAsync());
            await client.PostTextAsync("3");
        }
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Heartbeat_by_polling_closes_a_session_that_does_not_answer(string path)
    {
        using var client = await WirePolling.OpenAsync(host.Punctual, path);

        // Here the passing of real time is what is tested: right after the last moment for a pong the session must be unknown.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < PingInterval + PingTimeout)
        {
            // Timers may ring a few milliseconds early.
            await Task.Delay(PingInterval + PingTimeout - clock.Elapsed, TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Heartbeat_by_WebSocket_goes_on_while_it_is_answered(string path)
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient, path);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("2", await socket.ReceiveAsync());
            await socket.SendAsync("3");
        }
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Heartbeat_by_WebSocket_closes_a_session_that_does_not_answer(string path)
    {
        await using var socket = await WireSocket.OpenAsync(host.Punctual, path);
        Assert.Equal("2", await socket.ReceiveAsync());
        Assert.Equal("closed", await socket.ReceiveAsync());
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Close_by_polling_ends_the_session_and_the_GET_beside_it(string path)
    {
        using var client = await WirePolling.OpenAsync(host.Patient, path);
        var poll = client.GetTextAsync();
        var post = client.PostTextAsync("1");
        await Task.WhenAll(poll, post);
        Assert.Equal("6", await poll);
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Close_by_WebSocket_ends_the_session(string path)
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient, path);
        await socket.SendAsync("1");
        Assert.Equal("closed", await socket.ReceiveAsync());
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Upgrade_moves_a_session_to_a_WebSocket(string path)
    {
        using var client = await WirePolling.OpenAsync(host.Patient, path);
        await using var socket = await WireSocket.ConnectAsync(host.Patient, $"{path}?EIO=4&transport=websocket&sid={client.Sid}");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReceiveAsync());
        Assert.Equal("6", await client.GetTextAsync());
        await socket.SendAsync("5");
        if (path == Bare)
        {
            await socket.SendAsync("4hello");
            Assert.Equal("4hello", await socket.ReceiveMessageAsync());
        }
        else
        {
            Assert.Equal("2", await socket.ReceiveAsync());
        }
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Upgrade_leaves_no_room_for_requests(string path)
    {
        using var client = await WirePolling.OpenAsync(host.Patient, path);
        await using var socket = await UpgradeAsync(client, path);
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
        await AssertAliveAsync(socket, path);
    }

    [Theory]
    [InlineData(Bare)]
    [InlineData(SocketIo)]
    public async Task Upgrade_leaves_no_room_for_another_WebSocket(string path)
    {
        using var client = await WirePolling.OpenAsync(host.Patient, path);
        await using var socket = await UpgradeAsync(client, path);
        await using var another = await WireSocket.ConnectAsync(host.Patient, $"{path}?EIO=4&transport=websocket&sid={client.Sid}");
        Assert.Equal("closed", await another.ReceiveAsync());
        await AssertAliveAsync(socket, path);
    }

    private async Task<WireSocket> UpgradeAsync(WirePolling client, string path)
    {
        var socket = await WireSocket.ConnectAsync(host.Patient, $"{path}?EIO=4&transport=websocket&sid={client.Sid}");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReceiveAsync());
        await socket.SendAsync("5");
        return socket;
    }

    private static async Task AssertAliveAsync(WireSocket socket, string path)
    {
        if (path == Bare)
        {
            await socket.SendAsync("4hello");
            Assert.Equal("4hello", await socket.ReceiveMessageAsync());
        }
        else
        {
            Assert.Equal("2", await socket.ReceiveAsync());
        }
    }

    private async Task AssertBadRequestAsync(HttpMethod method, string url)
    {
        using var http = new HttpClient { BaseAddress = host.Patient };
        using var request = new HttpRequestMessage(method, url);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task AssertNoSocketAsync(string url) => await Assert.ThrowsAsync<WebSocketException>(() => WireSocket.ConnectAsync(host.Patient, url));

    private static void AssertHandshake(string content, params string[] upgrades)
    {
        Assert.Equal('0', content[0]);
        var handshake = JsonDocument.Parse(content[1..]).RootElement;
        Assert.Equal(["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"], handshake.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(20, handshake.GetProperty("sid").GetString()!.Length);
        Assert.Equal(upgrades, handshake.GetProperty("upgrades").EnumerateArray().Select(upgrade => upgrade.GetString()!));
        Assert.Equal(300, handshake.GetProperty("pingInterval").GetInt32());
        Assert.Equal(200, handshake.GetProperty("pingTimeout").GetInt32());
        Assert.Equal(1_000_000, handshake.GetProperty("maxPayload").GetInt32());
    }
}
