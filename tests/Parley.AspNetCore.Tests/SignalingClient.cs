using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Parley.AspNetCore.Tests;

/// <summary>A Socket.IO client that shows the very bytes: events and acks as the text that came.</summary>
internal sealed class SignalingClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _acks = Channel.CreateUnbounded<string>();
    private Task _reading = Task.CompletedTask;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SignalingClient> ConnectAsync(Uri server)
    {
        var client = new SignalingClient();
        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/socket.io/", Query = "EIO=4&transport=websocket" }.Uri, Stop);
        await client.SendAsync("40");
        Assert.StartsWith("0{", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("40{", await client.ReadAsync(), StringComparison.Ordinal);
        client._reading = client.ReadAllAsync();
        return client;
    }

    /// <summary>Sends an event: a JSON array of name and arguments.</summary>
    public Task EmitAsync(string array) => SendAsync("42" + array);

    /// <summary>Sends an event and returns the ack's only argument.</summary>
    public async Task<JsonElement> AskAsync(string array)
    {
        await SendAsync("421" + array);
        var ack = await _acks.Reader.ReadAsync(Stop);
        return JsonDocument.Parse(ack).RootElement[0];
    }

    public Task<JsonElement> JoinAsync(string room, string options = "{}") => AskAsync($$"""["join","{{room}}",{{options}}]""");

    /// <summary>The next event, as the JSON text that came.</summary>
    public async Task<string> NextAsync() => await _events.Reader.ReadAsync(Stop);

    /// <summary>Waits until the server answers: whatever it sent before has come by then.</summary>
    public Task ExpectAliveAsync() => AskAsync("""["leave","no-such-room"]""");

    /// <summary>Fails if an event has come. What the server sent before the answer to a request has come by then.</summary>
    public async Task ExpectNothingAsync()
    {
        await ExpectAliveAsync();
        Assert.False(_events.Reader.TryRead(out var unexpected), unexpected);
    }

    /// <summary>Ends the connection without a word, as a dead network does.</summary>
    public async Task CutAsync()
    {
        _socket.Abort();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _socket.Dispose();
    }

    private Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Stop);

    private async Task<string> ReadAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(buffer.AsMemory(), Stop);
            message.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return Encoding.UTF8.GetString(message.ToArray());
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                var packet = await ReadAsync();
                if (packet == "2")
                {
                    await SendAsync("3");
                }
                else if (packet.StartsWith("42", StringComparison.Ordinal))
                {
                    await _events.Writer.WriteAsync(packet[2..], Stop);
                }
                else if (packet.StartsWith("43", StringComparison.Ordinal))
                {
                    await _acks.Writer.WriteAsync(packet[packet.IndexOf('[', StringComparison.Ordinal)..], Stop);
                }
            }
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection ended, by the test or by the server: told below.
        }

        // Whoever waits for an event or an ack learns that none will come.
        _events.Writer.TryComplete();
        _acks.Writer.TryComplete();
    }
}
