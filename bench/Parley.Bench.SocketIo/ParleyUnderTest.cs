using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Parley.SocketIo.AspNetCore;

namespace Parley.Bench.SocketIo;

/// <summary>The room application on our server, with its defaults. <c>node/server.js</c> is the same for Node.</summary>
internal static class ParleyUnderTest
{
    public static async Task<int> ServeAsync(int port, int backlog, bool inline)
    {
        var builder = WebApplication.CreateSlimBuilder();

        // As in Parley.Server.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<LoggerFilterOptions>(filter => filter.CaptureScopes = false);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = backlog);
        builder.Services.AddSocketIo();
        if (inline)
        {
            builder.WebHost.UseInlineSocketIo();
        }

        var app = builder.Build();
        app.MapGet("/version", static context => context.Response.WriteAsync(Environment.Version.ToString()));
        app.MapGet("/collect", static context =>
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return context.Response.WriteAsync(GC.GetTotalMemory(false).ToString(CultureInfo.InvariantCulture));
        });
        app.MapSocketIo("/socket.io", io =>
        {
            io.On("join", e =>
            {
                if (e.TryGetString(0, out var room))
                {
                    e.Socket.Join(room);
                    e.Ack();
                }
            });
            io.On("message", e =>
            {
                if (e.TryGetString(0, out var room))
                {
                    e.Socket.To(room).Emit("message", e[0], e[1]);
                }
            });
            io.On("leave", e =>
            {
                if (e.TryGetString(0, out var room))
                {
                    e.Socket.Leave(room);
                    e.Ack();
                }
            });
        });
        await app.RunAsync();
        return 0;
    }
}
