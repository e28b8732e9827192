using System.Net;
using System.Runtime.InteropServices;
using Parley.Turn.Hosting.Linux;

namespace Parley.Turn.Hosting.Tests.Linux;

/// <summary>What goes in comes out: same bytes, same order per destination, whatever was joined on the way. All on real sockets.</summary>
public sealed unsafe class SendQueueTests : IDisposable
{
    private readonly byte* _memory = (byte*)NativeMemory.AllocZeroed(1 << 20);
    private readonly EngineCounters _counters = new();
    private readonly MessageBatch _batch;
    private readonly SendQueue _queue;
    private int _used;

    public SendQueueTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The batched engine is for Linux.");
        _batch = new MessageBatch(joins: true, _counters);
        _queue = new SendQueue(_batch, 4096);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Datagrams_of_one_size_arrive_as_they_were_sent(bool coalesces)
    {
        using var pair = new LoopbackPair(coalesces);
        var sent = Enumerable.Range(0, 50).Select(i => Enumerable.Repeat((byte)i, 172).ToArray()).ToList();
        foreach (var datagram in sent)
        {
            Add(pair.Destination, datagram);
        }

        _queue.Flush();

        Assert.Equal(sent, pair.Receive());
        Assert.Equal(coalesces ? 1 : 50, pair.Buffers);
    }

    [Fact]
    public void A_shorter_datagram_ends_a_joined_send_and_a_longer_one_begins_the_next()
    {
        using var pair = new LoopbackPair(coalesces: true);
        int[] sizes = [1100, 1100, 700, 172, 172, 1200, 1200, 0, 172, 1];
        var sent = sizes.Select((size, i) => Enumerable.Repeat((byte)(i + 1), size).ToArray()).ToList();
        foreach (var datagram in sent)
        {
            Add(pair.Destination, datagram);
        }

        _queue.Flush();

        Assert.Equal(sent, pair.Receive());
        Assert.Equal(5, pair.Buffers); // {1100 1100 700} {172 172} {1200 1200} {0} {172 1}
    }

    [Fact]
    public void More_segments_than_a_message_may_hold_become_several_messages()
    {
        using var pair = new LoopbackPair(coalesces: true);
        var sent = Enumerable.Range(0, 200).Select(i => Enumerable.Repeat((byte)i, 1100).ToArray()).ToList();
        foreach (var datagram in sent)
        {
            Add(pair.Destination, datagram);
        }

        _queue.Flush();

        Assert.Equal(sent, pair.Receive());
        Assert.Equal(4, pair.Buffers); // 59 of 1100 bytes are the most below 65,000
    }

    [Fact]
    public void Interleaved_destinations_keep_their_own_order()
    {
        using var first = new LoopbackPair(coalesces: true);
        using var second = new LoopbackPair(coalesces: true, IPAddress.IPv6Loopback);
        for (var i = 0; i < 20; i++)
        {
            Add(first.Destination, [(byte)i, 1]);
            Add(second.Destination, [(byte)i, 2]);
        }

        _queue.Flush();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => new byte[] { (byte)i, 1 }), first.Receive());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => new byte[] { (byte)i, 2 }), second.Receive());
        Assert.Equal((1, 1), (first.Buffers, second.Buffers));
    }

    [Fact]
    public void A_header_that_lies_elsewhere_is_sent_before_its_data()
    {
        using var pair = new LoopbackPair(coalesces: true);
        var header = Place([0x40, 0x01, 0, 3]);
        for (byte i = 0; i < 3; i++)
        {
            _queue.Add(pair.Destination, header, 4, Place([i, i, i]), 3);
        }

        _queue.Flush();

        Assert.Equal([[0x40, 1, 0, 3, 0, 0, 0], [0x40, 1, 0, 3, 1, 1, 1], [0x40, 1, 0, 3, 2, 2, 2]], pair.Receive());
        Assert.Equal(1, pair.Buffers);
    }

    [Fact]
    public void A_datagram_that_cannot_be_sent_is_dropped_and_the_rest_arrives()
    {
        using var pair = new LoopbackPair(coalesces: false);
        var unreachable = new Destination(pair.Sender, SockAddr.From(new IPEndPoint(IPAddress.IPv6Loopback, 9)));
        Add(pair.Destination, [1]);
        Add(unreachable, [2]);
        Add(pair.Destination, [3, 3]);

        _queue.Flush();

        Assert.Equal([[1], [3, 3]], pair.Receive());
        Assert.Equal((1, 0, 0), (_counters.SendRefused, _counters.SendBufferFull, _counters.JoinsRefused));
    }

    [Fact]
    public void A_joined_send_that_the_kernel_refuses_goes_out_one_by_one_and_is_not_tried_again()
    {
        using var pair = new LoopbackPair(coalesces: true);
        DisableChecksums(pair.Sender); // UDP_SEGMENT needs them, so the kernel answers EIO or EINVAL
        for (var round = 0; round < 2; round++)
        {
            Add(pair.Destination, [1, 1]);
            Add(pair.Destination, [2, 2]);
            Add(pair.Destination, [3]);
            _queue.Flush();
            Assert.Equal([[1, 1], [2, 2], [3]], pair.Receive());
        }

        Assert.Equal(1, _counters.JoinsRefused);
        Assert.Equal(0, _counters.SendRefused);
    }

    [Fact]
    public void A_connected_destination_survives_a_refused_port()
    {
        using var pair = new LoopbackPair(coalesces: false);
        var nobody = DatagramSocket.Open(System.Net.Sockets.AddressFamily.InterNetwork);
        Assert.Equal(0, DatagramSocket.Bind(nobody, new IPEndPoint(IPAddress.Loopback, 0)));
        var address = SockAddr.From(DatagramSocket.LocalEndPoint(nobody));
        DatagramSocket.Close(nobody);
        Assert.Equal(0, DatagramSocket.Connect(pair.Sender, address));
        var connected = new ConnectedDestination(pair.Sender, address);

        for (var round = 0; round < 3; round++)
        {
            Add(connected, [1]);
            _queue.Flush();
        }

        // Each send after the first meets the ICMP error of the one before, and is sent all the same.
        Assert.Equal(0, _counters.SendRefused);
    }

    [Fact]
    public void Flushing_allocates_nothing()
    {
        using var pair = new LoopbackPair(coalesces: true);
        var data = Place(new byte[172]);
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                _queue.Add(pair.Destination, data, 172);
                if (i % 10 == 9)
                {
                    _queue.Flush();
                }
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(round == 0 || allocated == 0, $"{allocated} bytes were allocated.");
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _queue?.Dispose();
        _batch?.Dispose();
    }

    private void Add(Destination destination, byte[] datagram) => _queue.Add(destination, Place(datagram), datagram.Length);

    /// <summary>Copies to native memory with a gap behind, so that nothing touches.</summary>
    private byte* Place(ReadOnlySpan<byte> bytes)
    {
        var place = _memory + _used;
        bytes.CopyTo(new Span<byte>(place, bytes.Length));
        _used += bytes.Length + 1;
        return place;
    }

    private static void DisableChecksums(int socket)
    {
        const int SocketNoCheck = 11;
        Assert.True(DatagramSocket.Set(socket, Constants.LevelSocket, SocketNoCheck, 1));
    }

    private sealed class ConnectedDestination : Destination
    {
        public ConnectedDestination(int socket, SockAddr address)
            : base(socket, address) => IsConnected = true;
    }
}
