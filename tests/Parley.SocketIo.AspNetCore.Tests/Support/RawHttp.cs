using System.Net.Sockets;
using System.Text;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>A TCP connection on which a test says exactly what it likes.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _tcp = new();

    public static async Task<RawHttp> ConnectAsync(Uri server)
    {
        var raw = new RawHttp();
        await raw._tcp.ConnectAsync(server.Host, server.Port);
        return raw;
    }

    /// <summary>The head of a WebSocket handshake, with more headers put in.</summary>
    public static string Upgrade(Uri server, string pathAndQuery, string moreHeaders = "") =>
        $"GET {pathAndQuery} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{moreHeaders}\r\n";

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _tcp.GetStream().WriteAsync(bytes);

    /// <summary>Reads until a text has come. Fails after 20 s or at the end of the connection.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var all = new StringBuilder();
        var buffer = new byte[4096];
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!all.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await _tcp.GetStream().ReadAsync(buffer, timeout.Token);
            Assert.True(count > 0, $"The connection ended before '{text}' came, after: {all}");
            all.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return all.ToString();
    }

    /// <summary>Reads until the server ends the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var all = new StringBuilder();
        var buffer = new byte[4096];
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            int count;
            while ((count = await _tcp.GetStream().ReadAsync(buffer, timeout.Token)) > 0)
            {
                all.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }

        return all.ToString();
    }

    public void Dispose()
    {
        // Zero: no goodbye, the connection is reset.
        _tcp.LingerState = new LingerOption(true, 0);
        _tcp.Dispose();
    }
}
