using System.Net;
using System.Net.Sockets;
using Parley.Turn.Hosting;

namespace Parley.Bench.Turn;

/// <summary>Allocations on a server, made ready for a load: each client's channel leads to its peer, or to another client's relayed address.</summary>
internal sealed class Flows : IDisposable
{
    private const ushort Channel = 0x4001;
    private const int BufferBytes = 4 << 20;

    private readonly List<Socket> _sockets = [];

    private Flows()
    {
    }

    public List<(Endpoint Client, Endpoint Peer)> Pairs { get; } = [];

    public static Flows Open(Scenario scenario, ServerProcess process, int port)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        var flows = new Flows();
        for (var i = 0; i < scenario.Flows; i++)
        {
            var client = flows.Allocate(server, process);
            if (scenario.Paired)
            {
                i++;
                var other = flows.Allocate(server, process);
                client.BindChannel(Channel, other.RelayedAddress);
                other.BindChannel(Channel, client.RelayedAddress);
                flows.Pairs.Add((Use(client.Socket, Channel), Use(other.Socket, Channel)));
            }
            else
            {
                var peer = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                flows._sockets.Add(peer);
                peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                peer.Connect(client.RelayedAddress.ToIPEndPoint());
                client.BindChannel(Channel, ((IPEndPoint)peer.LocalEndPoint!).ToTransportAddress());
                flows.Pairs.Add((Use(client.Socket, Channel), Use(peer, 0)));
            }
        }

        return flows;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private TurnClient Allocate(IPEndPoint server, ServerProcess process)
    {
        var client = new TurnClient(server);
        _sockets.Add(client.Socket);
        try
        {
            client.Allocate();
            return client;
        }
        catch (TimeoutException ex)
        {
            throw new InvalidOperationException($"The server did not start. It wrote: {string.Join(Environment.NewLine, process.Output)}", ex);
        }
    }

    private static Endpoint Use(Socket socket, ushort channel)
    {
        socket.Blocking = false;
        socket.ReceiveBufferSize = socket.SendBufferSize = BufferBytes;
        return new Endpoint((int)socket.Handle, channel);
    }
}
