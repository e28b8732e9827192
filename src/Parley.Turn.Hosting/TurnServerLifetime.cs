using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting;

/// <summary>Starts and stops the server with the application.</summary>
internal sealed class TurnServerLifetime(TurnServer server, IOptions<TurnOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled)
        {
            server.Start();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await server.DisposeAsync();
}
