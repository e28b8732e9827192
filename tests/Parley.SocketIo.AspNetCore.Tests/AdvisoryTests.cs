using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>
/// What has gone wrong in other Socket.IO servers, by the number of its advisory, and what has not got one: here it does not, and a client beside the
/// attacker does not notice. More of the same is in <see cref="LimitTests"/> and <see cref="OriginTests"/>.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AdvisoryTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private WireSocket _bystander = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(AllRoundHandlers.Add);
        _bystander = await JoinedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await AssertAliveAsync(_bystander);
        await _bystander.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task CVE_2020_28481_No_other_origin_may_read_answers_by_default()
    {
        using var http = new HttpClient { BaseAddress = _server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling") { Headers = { { "Origin", "https://evil.example" } } };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("42[{\"toString\":\"foo\"}]")]
    [InlineData("42[{\"length\":1}]")]
    [InlineData("42[[\"echo\"]]")]
    [InlineData("42[null]")]
    [InlineData("42[true,\"echo\"]")]
    [InlineData("42{\"0\":\"echo\",\"length\":1}")]
    [InlineData("42\"echo\"")]
    [InlineData("43{\"length\":1}")]
    [InlineData("40[]")]
    [InlineData("40\"x\"")]
    public async Task CVE_2023_32695_Types_are_what_they_must_be_or_the_connection_ends(string message)
    {
        await using var socket = await JoinedAsync();
        await socket.SendAsync(message);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    [Theory]
    [InlineData("\"splice\"")]
    [InlineData("\"__proto__\"")]
    [InlineData("-1")]
    [InlineData("1")]
    [InlineData("0.0")]
    [InlineData("1e0")]
    [InlineData("null")]
    [InlineData("99999999999999999999")]
    public async Task CVE_2022_2421_A_placeholder_names_an_attachment_or_the_connection_ends(string num)
    {
        await using var socket = await JoinedAsync();
        await socket.SendAsync($"451-[\"echo\",{{\"_placeholder\":true,\"num\":{num}}}]");
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    [Theory]
    [InlineData("4511-[\"echo\"]")]
    [InlineData("450-[\"echo\"]")]
    [InlineData("451000000000-[\"echo\"]")]
    [InlineData("4699999999999999999999-1[]")]
    public async Task CVE_2026_33151_Attachments_have_a_sane_number(string message)
    {
        await using var socket = await JoinedAsync();
        await socket.SendAsync(message);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task CVE_2024_38355_An_error_event_is_an_event_like_any_other()
    {
        await using var socket = await JoinedAsync();
        await socket.SendAsync("42[\"error\",\"boom\"]");
        await AssertAliveAsync(socket);
    }

    [Fact]
    public async Task CVE_2017_16031_Ids_cannot_be_guessed()
    {
        var ids = new HashSet<string>();
        using var http = new HttpClient { BaseAddress = _server.Url };
        for (var i = 0; i < 100; i++)
        {
            var handshake = await http.GetStringAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken);
            Assert.True(ids.Add(handshake.Substring(8, 20)));
        }

        await using var socket = await WireSocket.OpenAsync(_server.Url);
        for (var i = 0; i < 100; i++)
        {
            await socket.SendAsync("40");
            Assert.True(ids.Add((await socket.ReceiveMessageAsync()).Substring(10, 20)));
            await socket.ReceiveMessageAsync();
            await socket.SendAsync("41");
        }

        // 15 random bytes: no column of characters repeats itself from id to id.
        Assert.All(Enumerable.Range(0, 20), column => Assert.InRange(ids.Select(id => id[column]).Distinct().Count(), 40, 64));
    }

    [Theory]
    [InlineData("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\nSec-WebSocket-Version: 13\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=websocket&sid=constructor HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=polling&sid=__proto__ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=constructor HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /socket.io/?EIO=4&transport=polling&sid=%00%ff%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /socket.io/?%&&==&EIO=4&EIO=4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\nzz\r\n")]
    [InlineData("POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nConnection: close\r\n\r\n")]
    [InlineData("GARBAGE\r\n\r\n")]
    public async Task CVE_2022_21676_and_41940_and_CVE_2023_31125_No_request_hurts_anybody_else(string request)
    {
        using var raw = await RawHttp.ConnectAsync(_server.Url);
        await raw.SendAsync(request);
        var answer = await raw.ReadUntilAsync("HTTP/1.1 ");
        Assert.DoesNotContain("HTTP/1.1 5", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CVE_2024_37890_Very_many_headers_are_refused()
    {
        using var raw = await RawHttp.ConnectAsync(_server.Url);
        var headers = string.Concat(Enumerable.Range(0, 2500).Select(i => $"x{i}: y\r\n"));
        try
        {
            await raw.SendAsync(RawHttp.Upgrade(_server.Url, "/socket.io/?EIO=4&transport=websocket", headers));
        }
        catch (IOException)
        {
            // The server need not wait for all of it.
        }

        Assert.DoesNotContain("HTTP/1.1 101", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol")]
    [InlineData("Sec-WebSocket-Extensions")]
    public async Task CVE_2021_32640_A_long_header_takes_no_long_time(string header)
    {
        using var raw = await RawHttp.ConnectAsync(_server.Url);
        var clock = Stopwatch.StartNew();
        await raw.SendAsync(RawHttp.Upgrade(_server.Url, "/socket.io/?EIO=4&transport=websocket", $"{header}: b{new string(' ', 15_000)}x{new string(';', 10_000)}\r\n"));
        await raw.ReadUntilAsync("HTTP/1.1 ");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task CVE_2026_45736_Nothing_of_what_a_buffer_held_before_is_ever_sent()
    {
        await using var victim = await JoinedAsync();
        var secret = string.Concat(Enumerable.Repeat("secret", 500));
        await victim.SendAsync($"42[\"echo\",\"{secret}\"]");
        Assert.Contains(secret, await victim.ReceiveMessageAsync(), StringComparison.Ordinal);
        await using var socket = await JoinedAsync();
        for (var length = 0; length < 200; length++)
        {
            var text = new string('x', length);
            await socket.SendAsync($"42[\"echo\",\"{text}\"]");
            Assert.Equal($"42[\"echo\",\"{text}\"]", await socket.ReceiveMessageAsync());
            await socket.SendAsync("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]");
            await socket.SendAsync(new byte[length]);
            await socket.ReceiveMessageAsync();
            Assert.Equal($"<{new string('0', length * 2)}>", await socket.ReceiveMessageAsync());
        }
    }

    [Fact]
    public async Task CVE_2026_48779_A_message_in_very_many_fragments_costs_no_more_memory_than_a_whole_one()
    {
        using var raw = await RawHttp.ConnectAsync(_server.Url);
        await raw.SendAsync(RawHttp.Upgrade(_server.Url, "/socket.io/?EIO=4&transport=websocket"));
        await raw.ReadUntilAsync("0{");
        await raw.SendAsync([0x81, 0x82, 0, 0, 0, 0, (byte)'4', (byte)'0']);
        await raw.ReadUntilAsync("welcome");
        var before = Alone.BytesInUse();
        byte[] letter = [0x00, 0x81, 0, 0, 0, 0, (byte)'x'];
        await raw.SendAsync([0x01, 0x8c, 0, 0, 0, 0, .. "420[\"echo\",\""u8]);
        await raw.SendAsync([.. Enumerable.Repeat(letter, 100_000).SelectMany(frame => frame)]);
        await AssertAliveAsync(_bystander);
        Assert.InRange(Alone.BytesInUse() - before, long.MinValue, 3_000_000);
        await raw.SendAsync([0x80, 0x82, 0, 0, 0, 0, (byte)'"', (byte)']']);
        await raw.ReadUntilAsync(new string('x', 100_000));
    }

    [Fact]
    public async Task CVE_2020_36048_and_36049_Payloads_of_very_many_packets_cost_no_memory_that_stays()
    {
        using var client = await WirePolling.JoinAsync(_server.Url);
        var payload = string.Join('\u001e', Enumerable.Repeat("42[\"u\"]", 900));
        await client.PostTextAsync(payload);
        var before = Alone.BytesInUse();
        using var hostile = await WirePolling.JoinAsync(_server.Url);
        Assert.Equal(HttpStatusCode.TooManyRequests, await hostile.PostStatusAsync(new string('\u001e', 900_000).Replace("\u001e", "6\u001e", StringComparison.Ordinal)[..900_000]));

        // The test's own strings are among this; an object for each of the 450,000 packets would be more.
        Assert.InRange(Alone.BytesInUse() - before, long.MinValue, 20_000_000);
    }

    [Theory]
    [InlineData("42[\"echo\",\"a\u001e42[\\\"b\\\"]\"]")]
    [InlineData("42[\"echo\",\u001e1]")]
    [InlineData("42[\"a\u001eb\"]")]
    [InlineData("40/\u001e4,")]
    [InlineData("42[\"echo\",\"\u0000\"]")]
    public async Task A_peer_cannot_put_packets_into_a_payload_by_control_characters(string message)
    {
        await using var socket = await JoinedAsync();
        await socket.SendAsync(message);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task An_escaped_separator_stays_escaped_on_its_way_to_a_polling_peer()
    {
        using var peer = await WirePolling.JoinAsync(_server.Url);
        var receiver = _server.Io.Default.Sockets.Single(socket => socket.Transport == Parley.SocketIo.EngineIo.EngineIoTransport.Polling);
        _server.Io.On("relay", received => { receiver.Emit("relay", received[0]); });
        await _bystander.SendAsync("42[\"relay\",\"a\\u001e42[\\\"b\\\"]\"]");
        Assert.Equal("42[\"relay\",\"a\\u001e42[\\\"b\\\"]\"]", await peer.GetTextAsync());
    }

    [Fact]
    public async Task A_peer_cannot_pass_on_broken_UTF_8_that_would_end_a_WebSocket()
    {
        using var client = await WirePolling.JoinAsync(_server.Url);
        using var content = new ByteArrayContent([.. "42[\"echo\",\""u8, 0xc3, 0x28, 0xff, .. "\"]"u8]);
        using var response = await client.PostAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());

        await using var socket = await JoinedAsync();
        await socket.SendFragmentAsync([.. "42[\"echo\",\""u8, 0xc3, 0x28, .. "\"]"u8], last: true);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Clients_do_not_create_namespaces()
    {
        await using var socket = await JoinedAsync();
        for (var i = 0; i < 500; i++)
        {
            await socket.SendAsync($"40/made-up-{i},");
            Assert.Equal($"44/made-up-{i},{{\"message\":\"Invalid namespace\"}}", await socket.ReceiveMessageAsync());
        }

        Assert.False(_server.Io.TryGetNamespace("/made-up-1", out _));
        await AssertAliveAsync(socket);
    }

    [Fact]
    public async Task A_slow_POST_ends_with_its_session()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, options => options.PingInterval = options.PingTimeout = TimeSpan.FromMilliseconds(200));
        using var client = await WirePolling.OpenAsync(server.Url);
        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync($"POST /socket.io/?EIO=4&transport=polling&sid={client.Sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n4");
        Assert.StartsWith("HTTP/1.1 400", await raw.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }

    [Fact]
    public async Task A_POST_that_its_client_gives_up_ends_the_session()
    {
        using var client = await WirePolling.JoinAsync(_server.Url);
        using (var raw = await RawHttp.ConnectAsync(_server.Url))
        {
            await raw.SendAsync($"POST /socket.io/?EIO=4&transport=polling&sid={client.Sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n4");
        }

        await Eventually.HoldsAsync(() => _server.Io.ConnectionCount == 1, "The session's end");
    }

    [Theory]
    [InlineData("not masked", new byte[] { 0x81, 0x06, 0x34, 0x34, 0x34, 0x34, 0x34, 0x34 })]
    [InlineData("reserved bits", new byte[] { 0xf1, 0x80, 0, 0, 0, 0 })]
    [InlineData("reserved opcode", new byte[] { 0x83, 0x80, 0, 0, 0, 0 })]
    [InlineData("continues nothing", new byte[] { 0x80, 0x80, 0, 0, 0, 0 })]
    [InlineData("long control frame", new byte[] { 0x89, 0xfe, 0x00, 0xff, 0, 0, 0, 0 })]
    [InlineData("control frame in parts", new byte[] { 0x09, 0x80, 0, 0, 0, 0 })]
    [InlineData("half a close status", new byte[] { 0x88, 0x81, 0, 0, 0, 0, 0 })]
    [InlineData("negative length", new byte[] { 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 })]
    public async Task Frames_that_break_the_rules_of_WebSockets_end_their_connection(string what, byte[] frame)
    {
        using var raw = await RawHttp.ConnectAsync(_server.Url);
        await raw.SendAsync(RawHttp.Upgrade(_server.Url, "/socket.io/?EIO=4&transport=websocket"));
        await raw.ReadUntilAsync("0{");
        await raw.SendAsync(frame);
        await raw.ReadToEndAsync();
        await Eventually.HoldsAsync(() => _server.Io.ConnectionCount == 1, $"The end of the connection ({what})");
    }

    [Fact]
    public async Task A_client_that_announces_a_huge_frame_gets_no_memory_for_it()
    {
        var before = Alone.BytesInUse();
        var clients = new List<RawHttp>();
        for (var i = 0; i < 50; i++)
        {
            var raw = await RawHttp.ConnectAsync(_server.Url);
            clients.Add(raw);
            await raw.SendAsync(RawHttp.Upgrade(_server.Url, "/socket.io/?EIO=4&transport=websocket"));
            await raw.ReadUntilAsync("0{");
            await raw.SendAsync([0x81, 0xff, 0, 0, 0, 0, 0x00, 0x0f, 0x00, 0x00, 0, 0, 0, 0, (byte)'4']);
        }

        Assert.InRange(Alone.BytesInUse() - before, long.MinValue, 10_000_000);
        clients.ForEach(client => client.Dispose());
        await Eventually.HoldsAsync(() => _server.Io.ConnectionCount == 1, "The end of all");
    }

    [Fact]
    public async Task Session_ids_are_never_logged()
    {
        using var logs = new LogRecorder();
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, builder: web => web.Logging.AddProvider(logs));
        using var client = await WirePolling.JoinAsync(server.Url);
        await using var upgrade = await WireSocket.ConnectAsync(server.Url, $"/socket.io/?EIO=4&transport=websocket&sid={client.Sid}");
        await upgrade.SendAsync("2probe");
        await upgrade.ReceiveAsync();
        await upgrade.SendAsync("5");
        await upgrade.SendAsync("42[");
        Assert.Equal("closed", await upgrade.ReceiveMessageAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
        await Eventually.HoldsAsync(() => logs.Entries.Any(entry => entry.Contains("SessionUnknown", StringComparison.Ordinal)), "The log line");

        // The web server's own log of requests has the whole address; the documentation says to keep it off.
        var ours = logs.Entries.Where(entry => entry.StartsWith("Parley", StringComparison.Ordinal)).ToArray();
        Assert.Contains(ours, entry => entry.Contains("NodeName", StringComparison.Ordinal));
        Assert.All(ours, entry => Assert.DoesNotContain(client.Sid, entry, StringComparison.Ordinal));
        Assert.All(ours, entry => Assert.Contains(" Debug ", entry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_handlers_of_one_session_at_once_do_not_mix_up_its_packets()
    {
        // A POST and the WebSocket that takes its session over, both with packets, at the same time.
        for (var i = 0; i < 20; i++)
        {
            using var client = await WirePolling.JoinAsync(_server.Url);
            await using var socket = await WireSocket.ConnectAsync(_server.Url, $"/socket.io/?EIO=4&transport=websocket&sid={client.Sid}");
            await socket.SendAsync("2probe");
            Assert.Equal("3probe", await socket.ReceiveAsync());
            var post = client.PostStatusAsync(string.Join('\u001e', Enumerable.Range(0, 200).Select(n => $"42[\"echo\",{n}]")));
            await socket.SendAsync("5");
            await socket.SendAsync("42[\"echo\",\"socket\"]");
            Assert.Contains(await post, new List<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.BadRequest });
            string echo;
            do
            {
                echo = await socket.ReceiveMessageAsync();
                Assert.StartsWith("42[\"echo\",", echo, StringComparison.Ordinal);
            }
            while (echo != "42[\"echo\",\"socket\"]");
        }
    }

    private async Task<WireSocket> JoinedAsync()
    {
        var socket = await WireSocket.JoinAsync(_server.Url);
        Assert.StartsWith("42[\"welcome\"", await socket.ReceiveMessageAsync(), StringComparison.Ordinal);
        return socket;
    }

    private static async Task AssertAliveAsync(WireSocket socket)
    {
        await socket.SendAsync("42[\"echo\",\"alive\"]");
        Assert.Equal("42[\"echo\",\"alive\"]", await socket.ReceiveMessageAsync());
    }
}
