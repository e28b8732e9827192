using Microsoft.AspNetCore.Http;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

internal sealed partial class EngineIoEndpoint
{
    private Task RunWebSocketAsync(HttpContext context, EngineIoConnection connection)
    {
        var accepting = WebSocketHandshake.AcceptAsync(context);
        return accepting.IsCompletedSuccessfully ? Run(accepting.Result) : WaitAsync();

        async Task WaitAsync()
        {
            WebSocketHandshake.Accepted accepted;
            try
            {
                accepted = await accepting;
            }
            catch (Exception ex) when (IsEnd(ex))
            {
                connection.Fail(EngineIoCloseReason.TransportError);
                return;
            }

            await Run(accepted);
        }

        Task Run(in WebSocketHandshake.Accepted accepted)
        {
            var transport = new WebSocketTransport(context, accepted, connection, server);
            connection.OpenOn(transport);
            return transport.RunAsync();
        }
    }

    private async Task UpgradeAsync(HttpContext context, EngineIoConnection connection)
    {
        WebSocketHandshake.Accepted accepted;
        try
        {
            accepted = await WebSocketHandshake.AcceptAsync(context);
        }
        catch (Exception ex) when (IsEnd(ex))
        {
            return;
        }

        var transport = new WebSocketTransport(context, accepted, connection, server);
        if (!connection.TryUpgradeTo(transport))
        {
            transport.Close(EngineIoCloseReason.TransportError, abort: false);
        }

        await transport.RunAsync();
    }

    // The client has gone, or the server takes no more upgrades; neither is an error of ours.
    private static bool IsEnd(Exception ex) => ex is IOException or OperationCanceledException or InvalidOperationException;
}
