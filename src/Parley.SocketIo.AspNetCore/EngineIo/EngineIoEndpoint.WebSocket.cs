using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

internal sealed partial class EngineIoEndpoint
{
    // The heartbeat of Engine.IO does the work of WebSocket pings.
    private static readonly WebSocketAcceptContext AcceptContext = new() { KeepAliveInterval = Timeout.InfiniteTimeSpan };

    private async Task RunWebSocketAsync(HttpContext context, EngineIoConnection connection)
    {
        if (await AcceptAsync(context) is not { } socket)
        {
            connection.Fail(EngineIoCloseReason.TransportError);
            return;
        }

        using var transport = new WebSocketTransport(socket, connection, server);
        connection.OpenOn(transport);
        await transport.RunAsync();
    }

    private async Task UpgradeAsync(HttpContext context, EngineIoConnection connection)
    {
        if (await AcceptAsync(context) is not { } socket)
        {
            return;
        }

        using var transport = new WebSocketTransport(socket, connection, server);
        if (!connection.TryUpgradeTo(transport))
        {
            transport.Close(EngineIoCloseReason.TransportError, abort: false);
        }

        await transport.RunAsync();
    }

    // Null when the client has gone or its handshake is broken; neither is an error of ours.
    private static async Task<WebSocket?> AcceptAsync(HttpContext context)
    {
        try
        {
            return await context.WebSockets.AcceptWebSocketAsync(AcceptContext);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or InvalidOperationException or WebSocketException)
        {
            return null;
        }
    }
}
