using System.Text.Json;
using Parley.SocketIo.AspNetCore.Tests.Support;
using SocketIOClient.Transport;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>NuGet's SocketIOClient.</summary>
public sealed class DotNetClientTests
{
    [Theory]
    [InlineData(TransportProtocol.Polling, false)]
    [InlineData(TransportProtocol.WebSocket, false)]
    [InlineData(TransportProtocol.Polling, true)]
    public async Task The_client_can_use_everything(TransportProtocol transport, bool upgrade)
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add);
        using var client = new SocketIOClient.SocketIO(server.Url, new SocketIOClient.SocketIOOptions
        {
            Transport = transport,
            AutoUpgrade = upgrade,
            Auth = new Dictionary<string, string> { ["token"] = "ü€😀" },
            Query = [KeyValuePair.Create("colour", "green")],
            Reconnection = false,
        });
        var welcome = new TaskCompletionSource<JsonElement>();
        var echo = new TaskCompletionSource<SocketIOClient.SocketIOResponse>();
        var disconnected = new TaskCompletionSource<string>();
        client.On("welcome", response => welcome.TrySetResult(response.GetValue()));
        client.On("echo", response => echo.TrySetResult(response));
        client.On("question", async response => await response.CallbackAsync(response.GetValue<string>() + "!"));
        client.OnDisconnected += (_, reason) => disconnected.TrySetResult(reason);
        await client.ConnectAsync();
        var hello = await Eventually.ComesAsync(welcome);
        Assert.Equal("ü€😀", hello.GetProperty("auth").GetProperty("token").GetString());
        Assert.Equal("green", hello.GetProperty("colour").GetString());
        Assert.Equal(client.Id, hello.GetProperty("id").GetString());

        byte[] data = [0, 1, 2, 30, 255];
        await client.EmitAsync("echo", TestContext.Current.CancellationToken, "line\nbreak \u001e", new { Deep = data }, data);
        var echoed = await Eventually.ComesAsync(echo);
        Assert.Equal("line\nbreak \u001e", echoed.GetValue<string>());
        Assert.Equal(data, echoed.GetValue<byte[]>(2));

        var sum = new TaskCompletionSource<int>();
        await client.EmitAsync("sum", TestContext.Current.CancellationToken, response => sum.SetResult(response.GetValue<int>()), 1, 2);
        Assert.Equal(3, await Eventually.ComesAsync(sum));
        var answer = new TaskCompletionSource<string>();
        await client.EmitAsync("ask-me", TestContext.Current.CancellationToken, response => answer.SetResult(response.GetValue<string>()), "really");
        Assert.Equal("really!", await Eventually.ComesAsync(answer));

        await client.EmitAsync("kick-me", TestContext.Current.CancellationToken);
        Assert.Equal("io server disconnect", await Eventually.ComesAsync(disconnected));
    }
}
