using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting.Streams;

/// <summary>Accepts TURN clients on plain TCP at a port of their own, beside the web server's, with the web server's transport.</summary>
internal sealed partial class StreamListener : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly IConnectionListener _listener;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, Task> _connections = new();
    private readonly Task _accepting;

    private StreamListener(IConnectionListener listener, Func<ConnectionContext, Task> serve, ILogger logger)
    {
        (_listener, _logger) = (listener, logger);
        _accepting = AcceptAsync(serve);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.EndPoint;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="AddressInUseException">The port is taken.</exception>
    public static async Task<StreamListener> BindAsync(IPEndPoint endPoint, Func<ConnectionContext, Task> serve, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var transport = new SocketTransportFactory(Options.Create(TransportOptions()), loggers);
        return new StreamListener(await transport.BindAsync(endPoint, cancellation), serve, loggers.CreateLogger<StreamListener>());
    }

    /// <summary>Small buffers between us and the socket, because media in them can no longer be dropped.</summary>
    private static SocketTransportOptions TransportOptions() => new() { MaxWriteBufferSize = SocketTuning.TransportBytes };

    public async ValueTask DisposeAsync()
    {
        await _listener.UnbindAsync();
        await _accepting;
        await _listener.DisposeAsync();
    }

    private async Task AcceptAsync(Func<ConnectionContext, Task> serve)
    {
        while (true)
        {
            try
            {
                if (await _listener.AcceptAsync() is not { } connection)
                {
                    break;
                }

                _connections[connection.ConnectionId] = ServeAsync(connection, serve);
            }
            catch (SocketException ex)
            {
                // No descriptors left, most likely. Others will come free.
                Log.AcceptFailed(_logger, EndPoint, ex.Message);
                await Task.Delay(AcceptPause);
            }
        }

        await Task.WhenAll(_connections.Values);
    }

    private async Task ServeAsync(ConnectionContext connection, Func<ConnectionContext, Task> serve)
    {
        // So that the entry is there before it is removed, whatever the connection does.
        await Task.Yield();
        await using (connection)
        {
            await serve(connection);
        }

        _connections.TryRemove(connection.ConnectionId, out _);
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Warning, "Clients on {EndPoint} cannot be accepted at the moment: {Reason}", EventName = "AcceptFailed")]
        public static partial void AcceptFailed(ILogger logger, IPEndPoint endPoint, string reason);
    }
}
