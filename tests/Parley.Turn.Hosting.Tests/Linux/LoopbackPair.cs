using System.Net;
using Parley.Turn.Hosting.Linux;

namespace Parley.Turn.Hosting.Tests.Linux;

/// <summary>A sending socket, a receiving socket, and what arrived at the latter, cut back into datagrams.</summary>
internal sealed unsafe class LoopbackPair : IDisposable
{
    private readonly ReceiveBatch _received = new(64);

    public LoopbackPair(bool coalesces, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        Sender = DatagramSocket.Open(address.AddressFamily);
        Receiver = DatagramSocket.Open(address.AddressFamily);
        Assert.Equal(0, DatagramSocket.Bind(Sender, new IPEndPoint(address, 0)));
        Assert.Equal(0, DatagramSocket.Bind(Receiver, new IPEndPoint(address, 0)));
        DatagramSocket.SetBuffers(Receiver, 1 << 20);
        if (coalesces)
        {
            Assert.True(DatagramSocket.Set(Receiver, Constants.LevelUdp, Constants.UdpGro, 1));
        }

        Destination = new Destination(Sender, SockAddr.From(DatagramSocket.LocalEndPoint(Receiver)));
    }

    public int Sender { get; }

    public int Receiver { get; }

    public Destination Destination { get; }

    /// <summary>How many buffers the kernel delivered for the datagrams of the last <see cref="Receive"/>.</summary>
    public int Buffers { get; private set; }

    public List<byte[]> Receive()
    {
        var datagrams = new List<byte[]>();
        Buffers = 0;
        for (int count; (count = _received.Receive(Receiver, 0, _received.Capacity)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(DatagramSocket.LocalEndPoint(Sender), _received.From(i)->ToEndPoint());
                var bytes = new ReadOnlySpan<byte>(_received.Data(i), _received.Length(i));
                var size = _received.SegmentSize(i);
                Buffers++;
                do
                {
                    datagrams.Add(bytes[..Math.Min(size, bytes.Length)].ToArray());
                    bytes = bytes[Math.Min(size, bytes.Length)..];
                }
                while (bytes.Length > 0);
            }
        }

        return datagrams;
    }

    public void Dispose()
    {
        DatagramSocket.Close(Sender);
        DatagramSocket.Close(Receiver);
        _received.Dispose();
    }
}
