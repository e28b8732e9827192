using System.Net;
using System.Text;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>The table of errors, and what else there is to HTTP requests.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("GET", "", HttpStatusCode.BadRequest, 0, "Transport unknown")]
    [InlineData("GET", "?EIO=4&transport=webtransport", HttpStatusCode.BadRequest, 0, "Transport unknown")]
    [InlineData("GET", "?EIO=4&transport=polling&transport=polling", HttpStatusCode.BadRequest, 0, "Transport unknown")]
    [InlineData("GET", "?EIO=4&transport=polling&sid=unknown", HttpStatusCode.BadRequest, 1, "Session ID unknown")]
    [InlineData("GET", "?EIO=4&transport=polling&sid=", HttpStatusCode.BadRequest, 1, "Session ID unknown")]
    [InlineData("POST", "?EIO=4&transport=polling&sid=unknown", HttpStatusCode.BadRequest, 1, "Session ID unknown")]
    [InlineData("POST", "?EIO=4&transport=polling", HttpStatusCode.BadRequest, 2, "Bad handshake method")]
    [InlineData("DELETE", "?EIO=4&transport=polling", HttpStatusCode.BadRequest, 2, "Bad handshake method")]
    [InlineData("GET", "?EIO=4&transport=websocket", HttpStatusCode.BadRequest, 3, "Bad request")]
    [InlineData("GET", "?transport=polling", HttpStatusCode.BadRequest, 5, "Unsupported protocol version")]
    [InlineData("GET", "?EIO=3&transport=polling", HttpStatusCode.BadRequest, 5, "Unsupported protocol version")]
    public async Task A_wrong_request_is_told_what_is_wrong(string method, string query, HttpStatusCode status, int code, string message)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/socket.io/" + query);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"{{\"code\":{code},\"message\":\"{message}\"}}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("?EIO=4&transport=abc", "Transport unknown")]
    [InlineData("?EIO=4&transport=websocket&sid=unknown", "Session ID unknown")]
    [InlineData("?EIO=4&transport=polling", "Bad request")]
    [InlineData("?EIO=3&transport=websocket", "Unsupported protocol version")]
    public async Task A_wrong_WebSocket_request_is_told_in_plain_words_and_closed(string query, string message)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync(RawHttp.Upgrade(server.Url, "/socket.io/" + query));
        var answer = await raw.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains(message, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_can_refuse_a_connection_in_its_own_words()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.AllowRequest = context =>
            ValueTask.FromResult(context.Request.Query.ContainsKey("please") ? null : "say \"please\""));
        using var http = new HttpClient { BaseAddress = server.Url };
        using var response = await http.GetAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("{\"code\":4,\"message\":\"say \\\"please\\\"\"}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync(RawHttp.Upgrade(server.Url, "/socket.io/?EIO=4&transport=websocket"));
        Assert.StartsWith("HTTP/1.1 400", await raw.ReadToEndAsync(), StringComparison.Ordinal);
        await using var polite = await WireSocket.ConnectAsync(server.Url, "/socket.io/?EIO=4&transport=websocket&please");
        Assert.StartsWith("0{", await polite.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/socket.io?EIO=4&transport=polling")]
    [InlineData("/socket.io/?EIO=4&transport=polling")]
    public async Task A_slash_at_the_end_makes_no_difference(string url)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = server.Url };
        using var response = await http.GetAsync(url, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; charset=UTF-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_session_knows_only_GET_and_POST(string method)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var client = await WirePolling.OpenAsync(server.Url);
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/socket.io/?EIO=4&transport=polling&sid={client.Sid}");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        await client.PostTextAsync("40");
    }

    [Theory]
    [InlineData("EIO=3&transport=polling")]
    [InlineData("transport=polling")]
    [InlineData("EIO=4&transport=websocket")]
    public async Task A_request_must_fit_its_session(string query)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var client = await WirePolling.OpenAsync(server.Url);
        using var http = new HttpClient { BaseAddress = server.Url };
        using var response = await http.GetAsync($"/socket.io/?{query}&sid={client.Sid}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"code\":3", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await client.PostTextAsync("40");
    }

    [Fact]
    public async Task Transports_can_be_switched_off()
    {
        await using var webSocketOnly = await TestServer.StartAsync(_ => { }, options => options.AllowPolling = false);
        using var http = new HttpClient { BaseAddress = webSocketOnly.Url };
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken)).StatusCode);
        await using var socket = await WireSocket.OpenAsync(webSocketOnly.Url);

        await using var pollingOnly = await TestServer.StartAsync(_ => { }, options => options.AllowWebSocket = false);
        using var other = new HttpClient { BaseAddress = pollingOnly.Url };
        Assert.Contains("\"upgrades\":[]", await other.GetStringAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => WireSocket.OpenAsync(pollingOnly.Url));
    }

    [Fact]
    public async Task A_cookie_carries_the_session_id_on_the_first_answer_only()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.CookieName = "io");
        using var handler = new HttpClientHandler { UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = server.Url };
        using var first = await http.GetAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken);
        var sid = System.Text.Json.JsonDocument.Parse((await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))[1..]).RootElement.GetProperty("sid").GetString();
        Assert.Equal($"io={sid}; Path=/; HttpOnly; SameSite=Lax", first.Headers.GetValues("Set-Cookie").Single());
        using var second = await http.PostAsync($"/socket.io/?EIO=4&transport=polling&sid={sid}", WirePolling.Text("40"), TestContext.Current.CancellationToken);
        Assert.False(second.Headers.Contains("Set-Cookie"));

        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync(RawHttp.Upgrade(server.Url, "/socket.io/?EIO=4&transport=websocket"));
        Assert.Contains("Set-Cookie: io=", await raw.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_cookie_is_set_unless_asked_for()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = server.Url };
        using var first = await http.GetAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken);
        Assert.False(first.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_nodes_name_stands_before_the_session_id()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.NodeName = "node-7");
        using var client = await WirePolling.OpenAsync(server.Url);
        Assert.StartsWith("node-7.", client.Sid, StringComparison.Ordinal);
        Assert.Equal("node-7.".Length + 20, client.Sid.Length);
        await client.PostTextAsync("40");
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("deflate, gzip;q=0.5", "gzip")]
    [InlineData("gzip;q=0", null)]
    [InlineData("br", null)]
    [InlineData(null, null)]
    public async Task Long_answers_are_compressed_for_clients_that_can_read_it(string? accepted, string? coding)
    {
        await using var server = await TestServer.StartAsync(io => io.OnConnection(socket => { socket.Emit("long", new string('x', 5000)); }));
        using var client = await WirePolling.OpenAsync(server.Url);
        await client.PostTextAsync("40");
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None };
        using var http = new HttpClient(handler) { BaseAddress = server.Url };
        if (accepted is not null)
        {
            http.DefaultRequestHeaders.Add("Accept-Encoding", accepted);
        }

        using var response = await http.GetAsync($"/socket.io/?EIO=4&transport=polling&sid={client.Sid}", TestContext.Current.CancellationToken);
        Assert.Equal(coding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Stream plain = coding switch
        {
            "gzip" => new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress),
            "deflate" => new System.IO.Compression.ZLibStream(body, System.IO.Compression.CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        Assert.EndsWith($"\u001e42[\"long\",\"{new string('x', 5000)}\"]", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_for_text_gets_binary_as_base64_on_a_WebSocket_too()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add);
        await using var socket = await WireSocket.ConnectAsync(server.Url, "/socket.io/?EIO=4&transport=websocket&b64=1");
        await socket.ReceiveAsync();
        await socket.SendAsync("40");
        Assert.StartsWith("40", await socket.ReceiveAsync(), StringComparison.Ordinal);
        await socket.ReceiveAsync();
        await socket.SendAsync("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        await socket.SendAsync("bAQIDBA==");
        Assert.Equal("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]", await socket.ReceiveMessageAsync());
        Assert.Equal("bAQIDBA==", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_body_in_the_old_binary_form_is_refused_and_ends_the_session()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var client = await WirePolling.OpenAsync(server.Url);
        using var content = new ByteArrayContent("40"u8.ToArray()) { Headers = { ContentType = new("application/octet-stream") } };
        using var response = await client.PostAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await client.GetStatusAsync());
    }
}
