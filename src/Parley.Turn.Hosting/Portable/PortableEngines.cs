using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting.Portable;

/// <summary>Opens the listeners, and makes the one engine that the portable way has.</summary>
internal static class PortableEngines
{
    private const int ListenerBufferBytes = 4 << 20;

    public static RelayEngine Create(EngineGroup group, TurnShard shard, IReadOnlyList<IPAddress> listen, int port, ILogger logger)
    {
        var listeners = new List<PortableListener>();
        foreach (var address in listen)
        {
            var endPoint = new IPEndPoint(address, port);
            try
            {
                var socket = PortableListener.Bind(endPoint, ListenerBufferBytes);
                endPoint = (IPEndPoint)socket.LocalEndPoint!;
                listeners.Add(new PortableListener(socket, endPoint));
            }
            catch (SocketException ex)
            {
                listeners.ForEach(listener => listener.Socket.Dispose());
                throw new IOException($"Could not listen on UDP {endPoint}: {ex.Message}", ex);
            }

            port = endPoint.Port;
        }

        return new PortableEngine(group, shard, listeners, logger);
    }
}
