using System.Net;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting.Linux;

/// <summary>Opens the listeners of all shards, and makes the engines.</summary>
internal static partial class LinuxEngines
{
    /// <summary>Bytes of the listeners' buffers: the usual 208 KiB lose bursts.</summary>
    private const int ListenerBufferBytes = 8 << 20;

    /// <summary>Fewer and bursts are lost often enough to say so.</summary>
    private const int ReasonableBufferBytes = 1 << 20;

    public static IReadOnlyList<RelayEngine> Create(EngineGroup group, IReadOnlyList<TurnShard> shards, IReadOnlyList<IPAddress> listen, int port, ILogger logger)
    {
        var joins = SegmentationProbe.Works();
        var listeners = OpenAll(shards.Count, listen, port);
        return [.. shards.Select(shard => new LinuxEngine(group, shard, listeners[shard.Number], joins, logger))];
    }

    private static List<Listener[]> OpenAll(int shards, IReadOnlyList<IPAddress> listen, int port)
    {
        var listeners = new List<Listener[]>();
        var opened = new List<Listener>();
        try
        {
            for (var shard = 0; shard < shards; shard++)
            {
                foreach (var address in listen)
                {
                    opened.Add(Open(new IPEndPoint(address, port), isFirst: shard == 0));
                    port = opened[^1].EndPoint.Port; // Where any free port would do, it is the same for all.
                }

                listeners.Add([.. opened[^listen.Count..]]);
            }

            return listeners;
        }
        catch
        {
            opened.ForEach(listener => DatagramSocket.Close(listener.Socket));
            throw;
        }
    }

    /// <summary>Says so if the kernel grants buffers in which bursts will be lost.</summary>
    public static void WarnOfSmallBuffers(ILogger logger)
    {
        var socket = DatagramSocket.TryOpen(System.Net.Sockets.AddressFamily.InterNetwork);
        if (socket >= 0)
        {
            var granted = DatagramSocket.SetBuffers(socket, ListenerBufferBytes);
            if (granted < ReasonableBufferBytes)
            {
                Log.SmallBuffers(logger, granted / 1024);
            }

            DatagramSocket.Close(socket);
        }
    }

    private static Listener Open(IPEndPoint endPoint, bool isFirst)
    {
        if (isFirst && endPoint.Port != 0)
        {
            RequireFree(endPoint);
        }

        var socket = DatagramSocket.Open(endPoint.AddressFamily);
        DatagramSocket.Set(socket, Constants.LevelSocket, Constants.ReusePort, 1);
        DatagramSocket.Set(socket, Constants.LevelUdp, Constants.UdpGro, 1);
        DatagramSocket.SetBuffers(socket, ListenerBufferBytes);
        var error = DatagramSocket.Bind(socket, endPoint);
        if (error != 0)
        {
            DatagramSocket.Close(socket);
            throw DatagramSocket.Failure($"listen on UDP {endPoint}", error);
        }

        return new Listener(socket, DatagramSocket.LocalEndPoint(socket));
    }

    // Sockets that share a port among the shards would share it with a second server of the same user just as gladly.
    private static void RequireFree(IPEndPoint endPoint)
    {
        var socket = DatagramSocket.Open(endPoint.AddressFamily);
        var error = DatagramSocket.Bind(socket, endPoint);
        DatagramSocket.Close(socket);
        if (error != 0)
        {
            throw DatagramSocket.Failure($"listen on UDP {endPoint}", error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning, "The system grants UDP buffers of {KiB} KiB only, in which bursts of video get lost. Allow more: sysctl -w net.core.rmem_max=8388608 net.core.wmem_max=8388608", EventName = "SmallBuffers")]
        public static partial void SmallBuffers(ILogger logger, int kiB);
    }
}
