using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Parley.Turn.Hosting;

/// <summary>Puts STUN and TURN on the web server's ports.</summary>
public static class TurnListenOptionsExtensions
{
    /// <summary>
    /// Serves STUN and TURN on this endpoint beside HTTP, told apart by the first byte. Call it <em>after</em> <c>UseHttps</c>: in
    /// front of TLS only plain TURN would be seen. Does nothing while the relay is switched off.
    /// </summary>
    public static ListenOptions UseTurn(this ListenOptions listenOptions)
    {
        ArgumentNullException.ThrowIfNull(listenOptions);
        var server = listenOptions.ApplicationServices.GetRequiredService<TurnServer>();
        if (server.Options.Enabled)
        {
            server.AddWebEndPoint(listenOptions);
            listenOptions.Use(next => new TurnDemultiplexer(server, next, server.Options.StreamIdleTimeout).OnConnectedAsync);
        }

        return listenOptions;
    }
}
