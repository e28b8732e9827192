using System.Net;
using System.Net.Sockets;

namespace Parley.Lab.Tests;

/// <summary>A UDP socket in one of the lab's namespaces.</summary>
internal sealed class Probe(NetworkNamespace place, IPAddress address, int port = 0) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = place.Call(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    });

    private readonly byte[] _buffer = new byte[2048];

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Whether something has arrived that was not received yet.</summary>
    public bool HasMail => _socket.Available > 0;

    public void Send(byte[] data, IPEndPoint to) => _socket.SendTo(data, to);

    /// <summary>Waits for the next datagram and says where it came from, as this end sees it.</summary>
    public async Task<(byte[] Data, IPEndPoint From)> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var received = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        return (_buffer[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint);
    }

    /// <summary>Sends something and returns where it seemed to come from.</summary>
    public async Task<IPEndPoint> SeenByAsync(Probe other)
    {
        Send([1], other.EndPoint);
        return (await other.ReceiveAsync()).From;
    }

    public void Dispose() => _socket.Dispose();
}
