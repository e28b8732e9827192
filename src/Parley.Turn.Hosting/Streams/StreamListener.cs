using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting.Streams;

/// <summary>Accepts TURN clients on plain TCP at a port of their own, beside the web server's, with the web server's transport.</summary>
internal sealed class StreamListener : IAsyncDisposable
{
    private readonly IConnectionListener _listener;
    private readonly ConcurrentDictionary<string, Task> _connections = new();
    private readonly Task _accepting;

    private StreamListener(IConnectionListener listener, Func<ConnectionContext, Task> serve)
    {
        _listener = listener;
        _accepting = AcceptAsync(serve);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.EndPoint;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="AddressInUseException">The port is taken.</exception>
    public static async Task<StreamListener> BindAsync(IPEndPoint endPoint, Func<ConnectionContext, Task> serve, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var transport = new SocketTransportFactory(Options.Create(TransportOptions()), loggers);
        return new StreamListener(await transport.BindAsync(endPoint, cancellation), serve);
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
        while (await _listener.AcceptAsync() is { } connection)
        {
            _connections[connection.ConnectionId] = ServeAsync(connection, serve);
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
}
