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

    [Fact]
    public async Task The_client_comes_back_when_it_is_moved_and_not_when_it_is_turned_away()
    {
        var tries = 0;
        await using var server = await TestServer.StartAsync(io =>
        {
            io.On("move-me", received => received.Socket.CloseTransport());
            io.On("echo", received => { received.Socket.Emit("echo", received.ToArguments()); });
            io.On("ack-the-second-time", received =>
            {
                if (Interlocked.Increment(ref tries) == 2)
                {
                    received.Ack(2);
                }
            });
            var refused = 0;
            io.Of("/expiring").Use(context =>
            {
                if (refused++ == 0)
                {
                    context.Refuse("unauthorized", SocketIoArgument.RawJson("{\"code\":\"TICKET_EXPIRED\"}"u8.ToArray()));
                }
            });
        });
        await ScriptClient.NodeAsync("reconnect.mjs", server.Url);
        Assert.Equal(2, tries);
    }
}
