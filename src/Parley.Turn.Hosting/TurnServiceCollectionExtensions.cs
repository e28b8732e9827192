using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting;

/// <summary>Adds the STUN and TURN server to an application's services.</summary>
public static class TurnServiceCollectionExtensions
{
    /// <summary>
    /// Adds the server, configured from <see cref="TurnOptions.SectionName"/>. It starts and stops with the application; impossible
    /// values, and ports that are taken, keep the application from starting.
    /// </summary>
    public static IServiceCollection AddTurnServer(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TurnOptions>().BindConfiguration(TurnOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TurnOptions>, TurnOptionsValidator>());
        services.TryAddSingleton<TurnServer>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TurnServerLifetime>());
        return services;
    }
}
