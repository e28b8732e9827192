using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Adds Socket.IO servers to an application's services.</summary>
public static class SocketIoServiceCollectionExtensions
{
    /// <summary>Adds the application's Socket.IO server. Map it with <see cref="SocketIoEndpointRouteBuilderExtensions.MapSocketIo"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options. Impossible values keep the application from starting.</param>
    public static IServiceCollection AddSocketIo(this IServiceCollection services, Action<SocketIoOptions>? configure = null) =>
        services.AddSocketIo(Options.DefaultName, configure);

    /// <summary>Adds a further Socket.IO server, with options and clients of its own.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The server's name: the key of its <see cref="SocketIoServer"/> among the services, and what it is mapped by.</param>
    /// <param name="configure">Sets options. Impossible values keep the application from starting.</param>
    public static IServiceCollection AddSocketIo(this IServiceCollection services, string name, Action<SocketIoOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var options = services.AddOptionsWithValidateOnStart<SocketIoOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketIoOptions>, SocketIoOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketIoOptions>, SocketIoOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<SocketIoMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SocketIoLifetime>());
        services.TryAddSingleton<SocketIoServers>();
        services.TryAddKeyedSingleton(name, (provider, _) => provider.GetRequiredService<SocketIoServers>().Create(name));
        if (name == Options.DefaultName)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<SocketIoServer>(Options.DefaultName));
        }

        return services;
    }
}
