using System.Net;
using System.Net.Sockets;
using Parley.Stun;

namespace Parley.Turn.Hosting.Tests.Client;

/// <summary>A plain UDP socket on the other side of a relay.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly byte[] _buffer = new byte[65536];

    public Peer(IPAddress? address = null, int port = 0)
    {
        address ??= IPAddress.Loopback;
        Socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        Socket.Bind(new IPEndPoint(address, port));
    }

    public Socket Socket { get; }

    public TransportAddress Address => ((IPEndPoint)Socket.LocalEndPoint!).ToTransportAddress();

    public void Send(TransportAddress to, ReadOnlySpan<byte> payload) => Socket.SendTo(payload, to.ToIPEndPoint());

    public async Task<(byte[] Payload, TransportAddress From)> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var any = new IPEndPoint(Socket.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        var result = await Socket.ReceiveFromAsync(_buffer, any, patience.Token);
        return (_buffer[..result.ReceivedBytes], ((IPEndPoint)result.RemoteEndPoint).ToTransportAddress());
    }

    public void Dispose() => Socket.Dispose();
}
