using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>The official client, npm's socket.io-client, in Node.</summary>
public sealed class JavaScriptClientTests
{
    [Theory]
    [InlineData("polling")]
    [InlineData("websocket")]
    [InlineData("upgrade")]
    public async Task The_client_can_use_everything(string mode)
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add);
        await ScriptClient.NodeAsync("all-round.mjs", server.Url, mode);
    }
}
