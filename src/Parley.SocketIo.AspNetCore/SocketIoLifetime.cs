using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Makes servers, and knows those it made.</summary>
internal sealed class SocketIoServers(IOptionsMonitor<SocketIoOptions> options, TimeProvider time, SocketIoMetrics metrics, ILogger<SocketIoServer> logger)
{
    private readonly ConcurrentBag<SocketIoServer> _servers = [];

    public SocketIoServer Create(string name)
    {
        var server = new SocketIoServer(options.Get(name), time, metrics, logger);
        _servers.Add(server);
        return server;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_servers.Select(server => server.StopAsync(cancellationToken)));
}

/// <summary>
/// Stops the servers with the application. It begins as soon as the application is told to stop, because the web server waits for requests to end, and
/// waiting GETs and WebSockets are requests.
/// </summary>
internal sealed class SocketIoLifetime(SocketIoServers servers, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _stopping = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _stopping = servers.StopAsync(CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.WaitAsync(cancellationToken);
}
