using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parley.SocketIo.AspNetCore;

namespace Parley.AspNetCore;

/// <summary>Maps Parley's endpoints.</summary>
public static class ParleyEndpointRouteBuilderExtensions
{
    /// <summary>Maps the signaling of calls to <c>/socket.io</c>, as <c>docs/protocol/signaling.md</c> describes it.</summary>
    public static IEndpointRouteBuilder MapParley(this IEndpointRouteBuilder endpoints)
    {
        var hub = endpoints.ServiceProvider.GetRequiredService<SignalingHub>();
        endpoints.MapSocketIo("/socket.io", io => io.OnConnection(hub.Connect));
        return endpoints;
    }
}
