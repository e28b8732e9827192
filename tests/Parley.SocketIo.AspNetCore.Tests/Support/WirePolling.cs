using System.Net;
using System.Text;
using System.Text.Json;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>HTTP long-polling without a client library on top.</summary>
internal sealed class WirePolling : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _path;

    private WirePolling(Uri server, string path)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
        _path = path;
    }

    /// <summary>The session's id.</summary>
    public string Sid { get; private set; } = "";

    /// <summary>Opens a session.</summary>
    public static async Task<WirePolling> OpenAsync(Uri server, string path = "/socket.io/")
    {
        var polling = new WirePolling(server, path);
        var handshake = await polling.GetTextAsync();
        polling.Sid = JsonDocument.Parse(handshake[1..]).RootElement.GetProperty("sid").GetString()!;
        return polling;
    }

    /// <summary>Opens a session and joins the default namespace.</summary>
    public static async Task<WirePolling> JoinAsync(Uri server)
    {
        var polling = await OpenAsync(server);
        await polling.PostTextAsync("40");
        Assert.StartsWith("40", await polling.GetTextAsync(), StringComparison.Ordinal);
        return polling;
    }

    public Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken = default) => _http.GetAsync(Url(), cancellationToken);

    /// <summary>The body of a GET that must succeed.</summary>
    public async Task<string> GetTextAsync()
    {
        using var response = await GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The status of a GET.</summary>
    public async Task<HttpStatusCode> GetStatusAsync()
    {
        using var response = await GetAsync();
        return response.StatusCode;
    }

    public Task<HttpResponseMessage> PostAsync(HttpContent content, CancellationToken cancellationToken = default) => _http.PostAsync(Url(), content, cancellationToken);

    public async Task<HttpStatusCode> PostStatusAsync(string body)
    {
        using var response = await PostAsync(Text(body));
        return response.StatusCode;
    }

    /// <summary>Posts packets, which must succeed.</summary>
    public async Task PostTextAsync(string body)
    {
        using var response = await PostAsync(Text(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
    }

    public static HttpContent Text(string body) => new StringContent(body, Encoding.UTF8, "text/plain");

    public void Dispose() => _http.Dispose();

    private string Url() => $"{_path}?EIO=4&transport=polling{(Sid.Length == 0 ? "" : "&sid=" + Sid)}";
}
