using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Parley.Turn.Hosting.Streams;

namespace Parley.Turn.Hosting;

/// <summary>Registers the STUN and TURN server.</summary>
public static class TurnServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="TurnServer"/> that starts and stops with the host, configured by the section <see cref="TurnOptions.SectionName"/>.
    /// Impossible values, and a UDP port that is taken, keep the application from starting.
    /// For TURN on the web server's own ports call <see cref="TurnListenOptionsExtensions.UseTurn"/> on its endpoints too.
    /// </summary>
    public static IServiceCollection AddTurnServer(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TurnOptions>().BindConfiguration(TurnOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TurnOptions>, TurnOptionsValidator>());
        services.TryAddSingleton<TurnServer>();
        services.TryAddSingleton<TurnMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TurnHostedService>());

        // What lies between our queue and a socket can no longer be dropped when it has become old, so there is to be little of
        // it. Web traffic does not notice: the kernel buffers behind it.
        services.Configure<SocketTransportOptions>(options => options.MaxWriteBufferSize = SocketTuning.TransportBytes);
        return services;
    }
}
