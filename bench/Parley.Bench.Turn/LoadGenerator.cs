using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Parley.Turn.Hosting.Linux;

namespace Parley.Bench.Turn;

/// <summary>A connected UDP socket of the generator. On a client's socket packets travel as ChannelData.</summary>
internal sealed record Endpoint(int Socket, ushort Channel);

/// <summary>
/// Sends from one endpoint to another through the server, on one thread, and counts what arrives. Every packet carries its
/// direction, its number and the time, so that loss and latency are known exactly.
/// </summary>
internal sealed unsafe class LoadGenerator : IDisposable
{
    private const int ChannelHeaderBytes = 4;
    private const int StampBytes = 16;
    private const int SegmentsAtOnce = 64;
    private const int SlotBytes = 2048 + 64;
    private static readonly long LossTimeout = Stopwatch.Frequency / 20;
    private static readonly long ScanInterval = Stopwatch.Frequency / 100;

    private readonly Scenario _scenario;
    private readonly List<Endpoint> _endpoints;
    private readonly Direction[] _directions;
    private readonly int _epoll;
    private readonly EpollEvents _events = new(512);
    private readonly ReceiveBatch _received = new(SegmentsAtOnce);
    private readonly byte* _slots = (byte*)NativeMemory.AllocZeroed(SegmentsAtOnce, SlotBytes);
    private readonly MMsgHdr* _messages = (MMsgHdr*)NativeMemory.AllocZeroed(SegmentsAtOnce, (nuint)sizeof(MMsgHdr));
    private readonly IoVec* _vectors = (IoVec*)NativeMemory.AllocZeroed(SegmentsAtOnce, (nuint)sizeof(IoVec));
    private readonly List<Direction> _sendable = new(4096);

    /// <param name="scenario">The load.</param>
    /// <param name="flows">Pairs of endpoints that reach each other through the server.</param>
    public LoadGenerator(Scenario scenario, IReadOnlyList<(Endpoint Client, Endpoint Peer)> flows)
    {
        _scenario = scenario;
        _endpoints = [.. flows.SelectMany(flow => new[] { flow.Client, flow.Peer })];
        var directions = new List<Direction>();
        foreach (var (client, peer) in flows)
        {
            if (scenario.Up)
            {
                directions.Add(new Direction(directions.Count, client));
            }

            if (scenario.Down)
            {
                directions.Add(new Direction(directions.Count, peer));
            }
        }

        _directions = [.. directions];
        _epoll = LibC.EpollCreate(Constants.EpollCloseOnExec);
        for (var i = 0; i < _endpoints.Count; i++)
        {
            if (scenario.Segmentation)
            {
                DatagramSocket.Set(_endpoints[i].Socket, Constants.LevelUdp, Constants.UdpGro, 1);
            }

            EpollEvents.Add(_epoll, _endpoints[i].Socket, i);
        }
    }

    public long Delivered { get; private set; }

    public long Lost { get; private set; }

    public long Garbled { get; private set; }

    public long SendFailures { get; private set; }

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Forgets the counts, not what is under way.</summary>
    public void ResetCounts()
    {
        Delivered = Lost = Garbled = SendFailures = 0;
        Latency.Clear();
    }

    public void Run(TimeSpan duration)
    {
        var now = Stopwatch.GetTimestamp();
        var end = now + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var nextScan = now;
        var paced = _scenario.PacedPerSecond > 0;
        var interval = paced ? Stopwatch.Frequency / _scenario.PacedPerSecond : 0;
        if (paced)
        {
            for (var i = 0; i < _directions.Length; i++)
            {
                // Spread over the interval, as independent senders are.
                _directions[i].NextDue = now + (interval * i / _directions.Length);
            }
        }

        while (now < end)
        {
            if (paced)
            {
                SendDue(now, interval);
            }
            else if (now >= nextScan)
            {
                nextScan = now + ScanInterval;
                RestartStalled(now);
            }

            var ready = _events.Wait(_epoll, paced ? 0 : 5);
            now = Stopwatch.GetTimestamp();
            for (var i = 0; i < ready; i++)
            {
                ReceiveAll(_endpoints[(int)_events[i]], now);
                Answer(now);
            }

            now = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Takes in what is still under way, so that it is not counted as lost.</summary>
    public void Drain()
    {
        var quiet = 0;
        while (quiet < 5)
        {
            var ready = _events.Wait(_epoll, 20);
            quiet = ready == 0 ? quiet + 1 : 0;
            for (var i = 0; i < ready; i++)
            {
                ReceiveAll(_endpoints[(int)_events[i]], Stopwatch.GetTimestamp());
            }
        }

        foreach (var direction in _directions)
        {
            Lost += direction.Sent - direction.Settled;
            direction.Settled = direction.Sent;
        }
    }

    public void Dispose()
    {
        DatagramSocket.Close(_epoll);
        _events.Dispose();
        _received.Dispose();
        NativeMemory.Free(_slots);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
    }

    private void SendDue(long now, long interval)
    {
        foreach (var direction in _directions)
        {
            if (direction.NextDue <= now)
            {
                Send(direction, 1, now);
                direction.NextDue += interval;
            }
        }
    }

    private void RestartStalled(long now)
    {
        foreach (var direction in _directions)
        {
            if (direction.Sent == 0 || (direction.Settled < direction.Sent && now - direction.LastProgress > LossTimeout))
            {
                Lost += direction.Sent - direction.Settled;
                direction.Settled = direction.Sent;
                direction.LastProgress = now;
                Send(direction, _scenario.Window, now);
            }
        }
    }

    private void ReceiveAll(Endpoint endpoint, long now)
    {
        var count = Math.Min(_scenario.Window + 1, SegmentsAtOnce);
        var received = _received.Receive(endpoint.Socket, 0, count);
        for (var i = 0; i < received; i++)
        {
            var data = _received.Data(i);
            var left = _received.Length(i);
            var segment = _received.SegmentSize(i);
            while (left > 0)
            {
                var length = Math.Min(left, segment);
                Receive(new ReadOnlySpan<byte>(data, length), endpoint.Channel, now);
                data += length;
                left -= length;
            }
        }
    }

    private void Receive(ReadOnlySpan<byte> packet, ushort channel, long now)
    {
        if (channel != 0)
        {
            if (packet.Length < ChannelHeaderBytes
                || BinaryPrimitives.ReadUInt16BigEndian(packet) != channel
                || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != packet.Length - ChannelHeaderBytes)
            {
                Garbled++;
                return;
            }

            packet = packet[ChannelHeaderBytes..];
        }

        if (packet.Length != _scenario.PayloadBytes || BinaryPrimitives.ReadUInt32LittleEndian(packet) >= _directions.Length)
        {
            Garbled++;
            return;
        }

        var direction = _directions[BinaryPrimitives.ReadUInt32LittleEndian(packet)];
        var number = BinaryPrimitives.ReadUInt32LittleEndian(packet[4..]);
        if (number < direction.Settled)
        {
            return; // counted as lost already, so late
        }

        // One path keeps the order, so whatever was sent before this one and has not come is lost.
        Lost += number - direction.Settled;
        direction.Settled = number + 1;
        direction.LastProgress = now;
        Delivered++;
        Latency.Add(now - BinaryPrimitives.ReadInt64LittleEndian(packet[8..]));
        if (!direction.IsSendable)
        {
            direction.IsSendable = true;
            _sendable.Add(direction);
        }
    }

    private void Answer(long now)
    {
        foreach (var direction in _sendable)
        {
            direction.IsSendable = false;
            if (_scenario.PacedPerSecond == 0)
            {
                Send(direction, _scenario.Window - (int)(direction.Sent - direction.Settled), now);
            }
        }

        _sendable.Clear();
    }

    private void Send(Direction direction, int count, long now)
    {
        while (count > 0)
        {
            var batch = Math.Min(count, SegmentsAtOnce);
            if (_scenario.Segmentation)
            {
                batch = Math.Min(batch, 65000 / (_scenario.PayloadBytes + ChannelHeaderBytes));
            }

            for (var i = 0; i < batch; i++)
            {
                _vectors[i] = Write(i, direction, now);
            }

            if (batch == 1)
            {
                SendFailures += LibC.Send(direction.Source.Socket, _vectors[0].Base, _vectors[0].Length, 0) < 0 ? 1 : 0;
            }
            else if (_scenario.Segmentation)
            {
                SendSegmented(direction.Source.Socket, batch);
            }
            else
            {
                SendEach(direction.Source.Socket, batch);
            }

            count -= batch;
        }
    }

    private IoVec Write(int slot, Direction direction, long now)
    {
        var start = _slots + (slot * SlotBytes);
        var packet = start;
        if (direction.Source.Channel != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(packet, 2), direction.Source.Channel);
            BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(packet + 2, 2), (ushort)_scenario.PayloadBytes);
            packet += ChannelHeaderBytes;
        }

        var stamp = new Span<byte>(packet, StampBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(stamp, (uint)direction.Index);
        BinaryPrimitives.WriteUInt32LittleEndian(stamp[4..], (uint)direction.Sent++);
        BinaryPrimitives.WriteInt64LittleEndian(stamp[8..], now);
        return new IoVec { Base = start, Length = (nuint)(packet - start + _scenario.PayloadBytes) };
    }

    private void SendEach(int socket, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _messages[i].Header = new MsgHdr { Vectors = _vectors + i, VectorCount = 1 };
        }

        var sent = 0;
        while (sent < count)
        {
            var result = LibC.SendMMsg(socket, _messages + sent, (uint)(count - sent), 0);
            SendFailures += result <= 0 ? 1 : 0;
            sent += Math.Max(result, 1);
        }
    }

    private void SendSegmented(int socket, int count)
    {
        var control = new SegmentControl { Length = SegmentControl.SegmentLength, Level = Constants.LevelUdp, Type = Constants.UdpSegment, Value = (int)_vectors[0].Length };
        var header = new MsgHdr { Vectors = _vectors, VectorCount = (nuint)count, Control = (byte*)&control, ControlLength = (nuint)sizeof(SegmentControl) };
        SendFailures += LibC.SendMsg(socket, &header, 0) < 0 ? count : 0;
    }

    private sealed class Direction(int index, Endpoint source)
    {
        public int Index { get; } = index;

        public Endpoint Source { get; } = source;

        /// <summary>Packets sent, so also the next packet's number.</summary>
        public long Sent { get; set; }

        /// <summary>Packets that arrived or are lost, counted from the first.</summary>
        public long Settled { get; set; }

        public long LastProgress { get; set; }

        public long NextDue { get; set; }

        public bool IsSendable { get; set; }
    }
}
