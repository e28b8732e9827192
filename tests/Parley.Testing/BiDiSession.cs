using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Testing;

/// <summary>A session of WebDriver BiDi (W3C), the protocol in which a browser can be driven without a driver program: commands and answers as JSON over a WebSocket.</summary>
internal sealed class BiDiSession : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonNode>> _waiting = [];
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Action<string, JsonNode> _onEvent;
    private Task _reading = Task.CompletedTask;
    private long _lastCommand;

    private BiDiSession(Action<string, JsonNode> onEvent) => _onEvent = onEvent;

    /// <summary>Connects to a browser and begins a session.</summary>
    /// <param name="address">The browser's address: <c>ws://127.0.0.1:PORT/session</c>.</param>
    /// <param name="network">What makes the connection; the browser may live in another network namespace.</param>
    /// <param name="onEvent">Called with the name and parameters of every event subscribed to.</param>
    public static async Task<BiDiSession> BeginAsync(Uri address, HttpMessageInvoker network, Action<string, JsonNode> onEvent)
    {
        var session = new BiDiSession(onEvent);
        await session._socket.ConnectAsync(address, network, CancellationToken.None);
        session._reading = session.ReadAsync();
        await session.SendAsync("session.new", new JsonObject { ["capabilities"] = new JsonObject() });
        return session;
    }

    /// <summary>Sends a command and returns its result.</summary>
    /// <exception cref="InvalidOperationException">The browser answered with an error.</exception>
    public async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _lastCommand);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(command), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Wait.DefaultLimit);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var message = new MemoryStream();
        var buffer = new byte[16_384];
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.ToArray())!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException or JsonException)
        {
            // The session is over, ours or the browser's doing: whoever still waits learns of it.
            foreach (var answer in _waiting.Values)
            {
                answer.TrySetException(ex);
            }
        }
    }

    private void Take(JsonNode message)
    {
        switch ((string?)message["type"])
        {
            case "event":
                _onEvent((string)message["method"]!, message["params"]!);
                break;
            case "success" when _waiting.TryRemove((long)message["id"]!, out var answer):
                answer.TrySetResult(message["result"]!);
                break;
            case "error" when message["id"] is { } id && _waiting.TryRemove((long)id, out var answer):
                answer.TrySetException(new InvalidOperationException($"Firefox: {message["error"]}: {message["message"]}"));
                break;
        }
    }
}
