using System.Text;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>What the scripts of all languages talk to.</summary>
internal static class AllRoundHandlers
{
    public static void Add(SocketIoServer io)
    {
        io.OnConnection(socket =>
        {
            var auth = Encoding.UTF8.GetString(socket.Handshake.Auth.Span);
            var colour = socket.Handshake.Query.TryGetValue("colour", out var value) ? value.ToString() : "none";
            socket.Emit("welcome", SocketIoArgument.RawJson(Encoding.UTF8.GetBytes($$"""{"auth":{{auth}},"colour":"{{colour}}","id":"{{socket.Id}}"}""")));
        });
        io.On("echo", received => { received.Socket.Emit("echo", received.ToArguments()); });
        io.On("echo-ack", received => { received.Ack(received[0]); });
        io.On("sum", received => { received.Ack(Number(received, 0) + Number(received, 1)); });
        io.On("ask-me", async received =>
        {
            // The answer to a question of ours comes while this handler is still at work.
            var answer = await received.Socket.EmitWithAckAsync("question", TimeSpan.FromSeconds(5), received[0]);
            received.Ack(SocketIoArgument.RawJson(answer.Json(0)));
        });
        io.On("kick-me", received => received.Socket.Disconnect());
        io.Of("/admin").Use(context =>
        {
            if (!Encoding.UTF8.GetString(context.Handshake.Auth.Span).Contains("yes", StringComparison.Ordinal))
            {
                context.Refuse("no secret");
            }
        });
        io.Of("/refusing").Use(async context =>
        {
            await Task.Yield();
            context.Refuse("not you", SocketIoArgument.RawJson("{\"code\":7}"u8.ToArray()));
        });
    }

    private static long Number(SocketIoEvent received, int index) => long.Parse(received.Json(index).Span, System.Globalization.CultureInfo.InvariantCulture);
}
