using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Parley.SocketIo.AspNetCore;

/// <summary>The inline mode.</summary>
public static class SocketIoWebHostBuilderExtensions
{
    // Read by System.Net.Sockets when the process uses its first socket.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Runs handlers on the thread that watches the sockets, without a hop to the thread pool on the way in or out: more messages per processor second and
    /// shorter waits, for applications whose handlers only compute and send. Off unless this is called.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <b>Danger:</b> a few threads, one per core, serve all sockets of the process. A handler that blocks (<c>Task.Wait</c>, <c>.Result</c>, a contended lock,
    /// synchronous files or databases, <c>Thread.Sleep</c>) or computes for long holds up every connection of its thread, and a handler that waits for
    /// another connection of the same thread waits for ever. This concerns everything in the process that uses sockets: other endpoints, middleware,
    /// continuations of <c>HttpClient</c> and of database drivers. Asynchronous waits are fine. When in doubt do not use it.
    /// </para>
    /// <para>
    /// Takes effect only if it is called before the process uses its first socket, on Linux and macOS, and with Kestrel's socket transport.
    /// The environment variable <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS</c>, if it is set, has the last word about the way in.
    /// </para>
    /// </remarks>
    public static IWebHostBuilder UseInlineSocketIo(this IWebHostBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }

        // Either of the two alone makes things slower.
        return builder.ConfigureServices(services => services.Configure<SocketTransportOptions>(transport => transport.UnsafePreferInlineScheduling = true));
    }
}
