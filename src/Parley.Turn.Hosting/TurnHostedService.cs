using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting;

/// <summary>Starts the server before the web server, so that nobody is sent to a relay that does not listen yet, and its TCP listeners after it, whose ports come first.</summary>
internal sealed class TurnHostedService(TurnServer turn, TurnMetrics metrics, ILoggerFactory loggers, IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (turn.Options.Enabled)
        {
            turn.Start();
            metrics.Observe(turn);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (turn.Options.Enabled)
        {
            await turn.ListenOnStreamsAsync(loggers, WebPorts(), cancellationToken);
            turn.Announce();
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await turn.DisposeAsync();

    private List<int> WebPorts()
    {
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return [.. addresses.Select(address => Microsoft.AspNetCore.Http.BindingAddress.Parse(address).Port)];
    }
}
