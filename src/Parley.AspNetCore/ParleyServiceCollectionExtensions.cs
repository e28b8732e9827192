using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Parley.SocketIo.AspNetCore;
using Parley.Turn.Hosting;

namespace Parley.AspNetCore;

/// <summary>Adds Parley to an application's services.</summary>
public static class ParleyServiceCollectionExtensions
{
    /// <summary>
    /// Adds calls for two. Configured from the section <c>Parley</c>, then by <paramref name="configure"/>; a mistake in the
    /// configuration stops the application at start with an <see cref="OptionsValidationException"/> that names the key.
    /// </summary>
    public static IServiceCollection AddParley(this IServiceCollection services, Action<ParleyOptions>? configure = null)
    {
        var options = services.AddOptionsWithValidateOnStart<ParleyOptions, ParleyOptionsValidator>().BindConfiguration(ParleyOptions.SectionName);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddTurnServer();
        services.AddSocketIo(socketIo => socketIo.HandshakeHeaders.Add("Host"));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IceServerSource>();
        services.TryAddSingleton<SignalingHub>();
        return services;
    }
}
