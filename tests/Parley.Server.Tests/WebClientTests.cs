using System.Net;
using System.Text.RegularExpressions;
using Parley.Testing;

namespace Parley.Server.Tests;

/// <summary>How the page is served.</summary>
public sealed partial class WebClientTests : IAsyncLifetime
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private ServerProcess _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync();
        _http.BaseAddress = _server.Address;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/r/tea")]
    [InlineData("/r/%E5%A6%88%E5%A6%88")]
    public async Task The_page_comes_with_strict_headers_and_nothing_inline(string path)
    {
        using var response = await _http.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Set-Cookie"));

        var html = await response.Content.ReadAsStringAsync(Stop);
        Assert.Contains("data-call-state", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScriptOrStyle(), html);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundled_files_are_compressed_and_kept_for_ever_and_the_page_never()
    {
        var html = await _http.GetStringAsync("/", Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, BundledScript().Match(html).Groups[1].Value);
        request.Headers.AcceptEncoding.ParseAdd("br");
        using var response = await _http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("br", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Contains("immutable", response.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);

        using var page = await _http.GetAsync("/", Stop);
        Assert.True(page.Headers.CacheControl?.NoCache);
    }

    [Theory]
    [InlineData("/nothing-here")]
    [InlineData("/nothing/here/either")]
    [InlineData("/r")]
    [InlineData("/r/")]
    [InlineData("/r/tea/more")]
    [InlineData("/r/tea%26biscuits.html")]
    [InlineData("/r/0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Where_there_is_nothing_a_person_gets_the_page_which_says_so(string path)
    {
        using var response = await _http.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
        Assert.Equal(await _http.GetStringAsync("/", Stop), await response.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("/assets/../appsettings.json")]
    [InlineData("/assets/nothing.js")]
    [InlineData("/assets/nothing")]
    [InlineData("/nothing.png")]
    [InlineData("/socket.io/nothing")]
    [InlineData("/health/nothing")]
    [InlineData("/healthy")]
    public async Task Where_there_is_nothing_a_program_gets_a_plain_404(string path)
    {
        using var response = await _http.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task Only_who_reads_gets_a_page_and_who_asks_for_the_head_gets_that()
    {
        using var post = await _http.PostAsync("/nothing-here", null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        Assert.Empty(await post.Content.ReadAsByteArrayAsync(Stop));
        using var head = await _http.SendAsync(new(HttpMethod.Head, "/"), Stop);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task The_official_socket_io_client_is_there_for_textbook_pages()
    {
        using var response = await _http.GetAsync("/socket.io/socket.io.js", Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Socket.IO v4", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [GeneratedRegex("<script(?![^>]*\\ssrc=)|<style|\\sstyle=|\\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScriptOrStyle();

    [GeneratedRegex("src=\"(/assets/[^\"]+\\.js)\"")]
    private static partial Regex BundledScript();
}
