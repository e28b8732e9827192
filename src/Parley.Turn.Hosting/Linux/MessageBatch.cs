using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// Messages for <c>sendmmsg</c>. Datagrams that follow each other to one destination and have one size (the last may be shorter)
/// become one message that the kernel cuts (UDP_SEGMENT); pieces that touch in memory become one vector.
/// A message that the kernel does not take is dropped and counted, as the network would: this never waits.
/// </summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    private const int MaxMessages = 256;
    private const int MaxVectors = 4096;
    private const int MaxSegments = 64;
    private const int MaxMessageBytes = 65000;
    private const int SendFlags = Constants.MessageDontWait | Constants.MessageNoSignal;

    private readonly MMsgHdr* _messages = Allocate<MMsgHdr>(MaxMessages);
    private readonly SegmentControl* _controls = Allocate<SegmentControl>(MaxMessages);
    private readonly SockAddr* _names = Allocate<SockAddr>(MaxMessages);
    private readonly IoVec* _vectors = Allocate<IoVec>(MaxVectors);
    private readonly Open[] _open = new Open[MaxMessages];
    private readonly bool _joins;
    private readonly EngineCounters _counters;
    private int _messageCount;
    private int _vectorCount;
    private int _socket = -1;

    /// <param name="joins">Whether the kernel offers UDP_SEGMENT.</param>
    /// <param name="counters">Where drops are counted.</param>
    public MessageBatch(bool joins, EngineCounters counters)
    {
        _joins = joins;
        _counters = counters;
        for (var i = 0; i < MaxMessages; i++)
        {
            _controls[i] = new SegmentControl { Length = SegmentControl.SegmentLength, Level = Constants.LevelUdp, Type = Constants.UdpSegment };
        }
    }

    public void Add(Destination destination, byte* header, int headerLength, byte* data, int length)
    {
        var size = headerLength + length;
        if (destination.Socket != _socket || _vectorCount + 2 > MaxVectors)
        {
            Flush();
            _socket = destination.Socket;
        }

        if (_messageCount == 0 || !Joins(in _open[_messageCount - 1], destination, size))
        {
            if (_messageCount == MaxMessages)
            {
                Flush();
                _socket = destination.Socket;
            }

            Begin(destination, size);
        }

        ref var open = ref _open[_messageCount - 1];
        open.Segments++;
        open.Bytes += size;
        open.IsClosed = size < open.SegmentBytes;
        if (headerLength > 0)
        {
            AddVector(header, headerLength);
        }

        AddVector(data, length);
    }

    /// <summary>Sends what was added.</summary>
    public void Flush()
    {
        for (var i = 0; i < _messageCount; i++)
        {
            ref var header = ref _messages[i].Header;
            ref readonly var open = ref _open[i];
            var joined = open.Segments > 1;
            _controls[i].Value = open.SegmentBytes;
            header.Control = joined ? (byte*)(_controls + i) : null;
            header.ControlLength = joined ? (nuint)sizeof(SegmentControl) : 0;
        }

        var sent = 0;
        while (sent < _messageCount)
        {
            // An error is reported only when it meets the first message, so a short count comes back here to learn why.
            var result = IsPlain ? SendPlain() : LibC.SendMMsg(_socket, _messages + sent, (uint)(_messageCount - sent), SendFlags);
            sent += result > 0 ? result : Fail(sent, LibC.LastError);
        }

        for (var i = 0; i < _messageCount; i++)
        {
            _open[i].Destination = null;
        }

        _messageCount = _vectorCount = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_names);
        NativeMemory.Free(_vectors);
    }

    private bool Joins(in Open open, Destination destination, int size) =>
        _joins && open.Destination == destination && !open.IsClosed && size <= open.SegmentBytes && size > 0
        && open.Segments < MaxSegments && open.Bytes + size <= MaxMessageBytes && open.SegmentBytes < destination.JoinBelow;

    private void Begin(Destination destination, int size)
    {
        var index = _messageCount++;
        _open[index] = new Open { Destination = destination, SegmentBytes = size };
        ref var header = ref _messages[index].Header;
        header.Vectors = _vectors + _vectorCount;
        header.VectorCount = 0;
        if (destination.IsConnected)
        {
            header.Name = null;
            header.NameLength = 0;
        }
        else
        {
            _names[index] = destination.Address;
            header.Name = _names + index;
            header.NameLength = destination.Address.Length;
        }
    }

    private void AddVector(byte* data, int length)
    {
        ref var header = ref _messages[_messageCount - 1].Header;
        if (header.VectorCount > 0)
        {
            ref var last = ref _vectors[_vectorCount - 1];
            if (last.Base + last.Length == data)
            {
                last.Length += (nuint)length;
                return;
            }
        }

        _vectors[_vectorCount++] = new IoVec { Base = data, Length = (nuint)length };
        header.VectorCount++;
    }

    /// <summary>Whether the message is the only one, and one datagram in one piece: most flushes towards a peer.</summary>
    private bool IsPlain => _messageCount == 1 && _open[0].Segments == 1 && _messages[0].Header.VectorCount == 1;

    /// <summary>Without the structures that describe a batch, which the kernel would copy and check first. Returns 1 if it was sent.</summary>
    private int SendPlain()
    {
        ref readonly var header = ref _messages[0].Header;
        return LibC.SendTo(_socket, header.Vectors->Base, header.Vectors->Length, SendFlags, header.Name, header.NameLength) < 0 ? -1 : 1;
    }

    /// <summary>Deals with the message that the kernel refused; returns how many messages that settles.</summary>
    private int Fail(int index, int error)
    {
        ref var open = ref _open[index];
        switch (error)
        {
            case Constants.ErrorInterrupted:
                return 0;
            case Constants.ErrorAgain:
                // The socket's buffer is full, so the rest would fail as well.
                _counters.SendBufferFull += Segments(index, _messageCount);
                return _messageCount - index;
            case Constants.ErrorInvalid or Constants.ErrorMessageSize or Constants.ErrorIo when open.Segments > 1:
                open.Destination!.JoinBelow = open.SegmentBytes;
                _counters.JoinsRefused++;
                SendSingly(index);
                return 1;
            case Constants.ErrorNoBuffers:
                _counters.SendBufferFull += open.Segments;
                return 1;
            default:
                if (!open.IsRetried)
                {
                    // Perhaps the ICMP error of an earlier datagram, reported here, and this message was not tried yet.
                    open.IsRetried = true;
                    return 0;
                }

                _counters.SendRefused += open.Segments;
                return 1;
        }
    }

    private void SendSingly(int index)
    {
        // Gathering the pieces anew is slow and simple; after this the destination is not joined at this size again.
        ref readonly var open = ref _open[index];
        ref readonly var header = ref _messages[index].Header;
        var bytes = (byte*)NativeMemory.Alloc((nuint)open.Bytes);
        var length = 0;
        for (nuint i = 0; i < header.VectorCount; i++)
        {
            NativeMemory.Copy(header.Vectors[i].Base, bytes + length, header.Vectors[i].Length);
            length += (int)header.Vectors[i].Length;
        }

        for (var offset = 0; offset < length; offset += open.SegmentBytes)
        {
            var size = (nuint)Math.Min(open.SegmentBytes, length - offset);
            if (LibC.SendTo(_socket, bytes + offset, size, SendFlags, header.Name, header.NameLength) < 0)
            {
                _counters.SendRefused++;
            }
        }

        NativeMemory.Free(bytes);
    }

    private int Segments(int from, int to)
    {
        var segments = 0;
        for (var i = from; i < to; i++)
        {
            segments += _open[i].Segments;
        }

        return segments;
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    private struct Open
    {
        public Destination? Destination;
        public int SegmentBytes;
        public int Segments;
        public int Bytes;
        public bool IsClosed;
        public bool IsRetried;
    }
}
