using System.Net.WebSockets;
using System.Text;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>A WebSocket without a client library on top: packets as they are on the wire.</summary>
internal sealed class WireSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket _socket = new();

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseDescription => _socket.CloseStatusDescription;

    /// <summary>Connects; pathAndQuery begins with a slash.</summary>
    public static async Task<WireSocket> ConnectAsync(Uri server, string pathAndQuery, Action<ClientWebSocketOptions>? options = null)
    {
        var wire = new WireSocket();
        options?.Invoke(wire._socket.Options);
        await wire._socket.ConnectAsync(new Uri($"ws://{server.Authority}{pathAndQuery}"), Timeout());
        return wire;
    }

    /// <summary>Opens a session and reads its handshake.</summary>
    public static async Task<WireSocket> OpenAsync(Uri server, string path = "/socket.io/")
    {
        var wire = await ConnectAsync(server, path + "?EIO=4&transport=websocket");
        Assert.StartsWith("0{", await wire.ReceiveAsync(), StringComparison.Ordinal);
        return wire;
    }

    /// <summary>Opens a session and joins a namespace.</summary>
    public static async Task<WireSocket> JoinAsync(Uri server, string join = "40")
    {
        var wire = await OpenAsync(server);
        await wire.SendAsync(join);
        Assert.StartsWith("40", await wire.ReceiveMessageAsync(), StringComparison.Ordinal);
        return wire;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Timeout());

    public Task SendAsync(byte[] data) => _socket.SendAsync(data, WebSocketMessageType.Binary, endOfMessage: true, Timeout());

    public Task SendFragmentAsync(byte[] data, bool last) => _socket.SendAsync(data, WebSocketMessageType.Text, last, Timeout());

    /// <summary>The next text message; a binary one comes as hexadecimal digits in angle brackets, the end as "closed".</summary>
    public async Task<string> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer, Timeout());
                message.Write(buffer, 0, received.Count);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    if (_socket.State == WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Timeout());
                    }

                    return "closed";
                }

                if (received.EndOfMessage)
                {
                    return received.MessageType == WebSocketMessageType.Binary ? $"<{Convert.ToHexString(message.ToArray())}>" : Encoding.UTF8.GetString(message.ToArray());
                }
            }
        }
        catch (WebSocketException)
        {
            // A connection that was cut is closed too.
            return "closed";
        }
    }

    /// <summary>The next message that is no ping; pings are answered.</summary>
    public async Task<string> ReceiveMessageAsync()
    {
        while (true)
        {
            var message = await ReceiveAsync();
            if (message != "2")
            {
                return message;
            }

            await SendAsync("3");
        }
    }

    /// <summary>Says goodbye and waits for the server's.</summary>
    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Timeout());

    /// <summary>Goes away without a word.</summary>
    public void Abort() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CancellationToken Timeout() => new CancellationTokenSource(Patience).Token;
}
