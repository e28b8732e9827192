using System.Net;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

public sealed class OriginTests
{
    private const string Handshake = "/socket.io/?EIO=4&transport=polling";

    [Fact]
    public async Task Pages_of_the_server_itself_may_connect()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var response = await GetAsync(server, server.Url.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.StartsWith("HTTP/1.1 101", await UpgradeAsync(server, server.Url.GetLeftPart(UriPartial.Authority)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("null")]
    [InlineData("not an origin")]
    public async Task Pages_of_others_may_not_on_either_transport_unless_they_are_allowed(string origin)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var response = await GetAsync(server, origin);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.StartsWith("HTTP/1.1 400", await UpgradeAsync(server, origin), StringComparison.Ordinal);
        Assert.Equal(0, server.Io.ConnectionCount);
    }

    [Fact]
    public async Task A_stolen_session_id_does_not_help_a_page_of_others()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var client = await WirePolling.OpenAsync(server.Url);
        using var response = await GetAsync(server, "https://evil.example", $"{Handshake}&sid={client.Sid}");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith("HTTP/1.1 400", await UpgradeAsync(server, "https://evil.example", $"&sid={client.Sid}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_allowed_origin_is_named_in_the_answer()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.AllowedOrigins.Add("https://friend.example"));
        using var response = await GetAsync(server, "https://friend.example");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("https://friend.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Origin", response.Headers.Vary);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.StartsWith("HTTP/1.1 101", await UpgradeAsync(server, "https://friend.example"), StringComparison.Ordinal);
        using var other = await GetAsync(server, "https://other.example");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task Any_origin_can_be_allowed()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.AllowedOrigins.Add("*"));
        using var response = await GetAsync(server, "https://anyone.example");
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_preflight_is_answered_before_any_other_check()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options =>
        {
            options.AllowedOrigins.Add("https://friend.example");
            options.AllowCredentials = true;
        });
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Options, "/socket.io/")
        {
            Headers = { { "Origin", "https://friend.example" }, { "Access-Control-Request-Headers", "x-test" }, { "Access-Control-Request-Method", "POST" } },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://friend.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", response.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Equal("GET, POST", response.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("x-test", response.Headers.GetValues("Access-Control-Allow-Headers").Single());

        using var foreign = new HttpRequestMessage(HttpMethod.Options, "/socket.io/") { Headers = { { "Origin", "https://evil.example" } } };
        using var refused = await http.SendAsync(foreign, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_broken_Origin_header_is_a_bad_request()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.AllowedOrigins.Add("*"));
        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync($"GET {Handshake} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nOrigin: http://a\u0001b\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string origin, string url = Handshake)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return await http.SendAsync(request);
    }

    private static async Task<string> UpgradeAsync(TestServer server, string origin, string query = "")
    {
        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync(RawHttp.Upgrade(server.Url, "/socket.io/?EIO=4&transport=websocket" + query, $"Origin: {origin}\r\n"));
        return await raw.ReadUntilAsync("\r\n\r\n");
    }
}
