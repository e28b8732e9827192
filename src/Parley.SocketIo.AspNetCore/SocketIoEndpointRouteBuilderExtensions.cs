using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Parley.SocketIo.AspNetCore.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Maps Socket.IO servers to paths.</summary>
public static class SocketIoEndpointRouteBuilderExtensions
{
    /// <summary>Maps the application's Socket.IO server.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, which clients know as <c>/socket.io</c> unless told otherwise. A slash at the end makes no difference.</param>
    /// <param name="configure">Adds handlers, before the first client comes.</param>
    /// <param name="name">The server's name, if it was added with one.</param>
    /// <returns>For conventions such as authorization; they hold for connections, not for the client's script.</returns>
    public static IEndpointConventionBuilder MapSocketIo(
        this IEndpointRouteBuilder endpoints, string pattern = "/socket.io", Action<SocketIoServer>? configure = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var server = endpoints.ServiceProvider.GetKeyedService<SocketIoServer>(name ?? Options.DefaultName)
            ?? throw new InvalidOperationException(name is null
                ? "Call builder.Services.AddSocketIo() before app.MapSocketIo()."
                : $"Call builder.Services.AddSocketIo(\"{name}\") before app.MapSocketIo() with that name.");
        configure?.Invoke(server);
        pattern = pattern.TrimEnd('/');
        if (server.Options.ServeClient)
        {
            ClientBundle.Map(endpoints, pattern);
        }

        return endpoints.MapEngineIo(pattern, server.Engine);
    }

    internal static IEndpointConventionBuilder MapEngineIo(this IEndpointRouteBuilder endpoints, string pattern, EngineIoServer server) =>
        endpoints.Map(pattern, new EngineIoEndpoint(server).HandleAsync).WithDisplayName($"Socket.IO {pattern}");
}
