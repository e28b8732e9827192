using System.Net;
using System.Net.Http.Headers;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

public sealed class ClientBundleTests
{
    [Theory]
    [InlineData("socket.io.js", "application/javascript", "Socket.IO v4")]
    [InlineData("socket.io.min.js", "application/javascript", "Socket.IO v4")]
    [InlineData("socket.io.esm.min.js", "application/javascript", "Socket.IO v4")]
    [InlineData("socket.io.js.map", "application/json", "\"mappings\"")]
    public async Task The_browser_client_is_served_beside_the_endpoint(string name, string type, string content)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = server.Url };
        var response = await http.GetAsync($"/socket.io/{name}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=0", response.Headers.CacheControl?.ToString());
        Assert.Contains(content, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_has_the_client_does_not_get_it_again()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = server.Url };
        var first = await http.GetAsync("/socket.io/socket.io.js", TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/socket.io/socket.io.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        var second = await http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        using var other = new HttpRequestMessage(HttpMethod.Get, "/socket.io/socket.io.js") { Headers = { IfNoneMatch = { new EntityTagHeaderValue("\"old\"") } } };
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(other, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("/socket.io/package.json")]
    [InlineData("/socket.io/..%2fsocket.io.js")]
    [InlineData("/socket.io/socket.io.msgpack.min.js")]
    public async Task Nothing_else_is_served(string path)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = server.Url };
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_client_can_be_left_out()
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.ServeClient = false);
        using var http = new HttpClient { BaseAddress = server.Url };
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/socket.io/socket.io.js", TestContext.Current.CancellationToken)).StatusCode);
    }
}
