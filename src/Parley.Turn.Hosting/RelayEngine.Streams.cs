using System.Buffers;
using System.Collections.Concurrent;
using Parley.Stun;
using Parley.Turn.Hosting.Streams;

namespace Parley.Turn.Hosting;

// Clients on TCP and TLS. Their connections run on the thread pool; here is their meeting point with the shard's thread.
internal abstract unsafe partial class RelayEngine
{
    /// <summary>The longest frame that a client may send: what a datagram to the peer can carry, with its header.</summary>
    public const int MaxFrameBytes = 64 * 1024;

    /// <summary>The longest frame of a client that has not had an allocation yet: any request fits, and little is buffered for strangers.</summary>
    public const int MaxStrangersFrameBytes = 4 * 1024;

    /// <summary>Most bytes that a connection submits at once.</summary>
    public const int MaxSubmittedBytes = MaxFrameBytes;

    private readonly ConcurrentQueue<StreamClient> _submissions = new();
    private readonly Dictionary<FiveTuple, StreamClient> _streams = [];
    private readonly List<StreamClient> _dirtyStreams = [];
    private readonly Arena _streamInput = new(16 * MaxSubmittedBytes);
    private volatile bool _hasEnded;

    /// <summary>Connections known to this engine. Any thread; perhaps a moment old.</summary>
    public int StreamCount => _streams.Count;

    private bool HasStreamInput => !_submissions.IsEmpty;

    /// <summary>Leaves a client's frames for the engine. Any thread; by way of <see cref="StreamClient.SubmitAsync"/>.</summary>
    public void Submit(StreamClient client)
    {
        _submissions.Enqueue(client);
        if (_hasEnded)
        {
            RefuseSubmissions();
        }
        else
        {
            Notify();
        }
    }

    private void ReceiveFromStreams()
    {
        while (_submissions.TryDequeue(out var client))
        {
            if (!client.IsRegistered)
            {
                Register(client);
            }

            ReceiveFrames(client);
            if (client.HasEnded)
            {
                Forget(client);
            }

            client.Release();
        }
    }

    private void ReceiveFrames(StreamClient client)
    {
        var length = (int)client.Submitted.Length;
        if (!_streamInput.HasRoom(length))
        {
            SendQueued();
            _streamInput.Reset();
        }

        var data = _streamInput.Take(length);
        client.Submitted.CopyTo(new Span<byte>(data, length));
        while (length > 0 && StunFraming.TryReadFrame(new ReadOnlySpan<byte>(data, length), MaxFrameBytes, out var frame, out var consumed) == StunFrameStatus.Complete)
        {
            ReceiveFromClient(client.FiveTuple, data, frame.Length, frame.Length);
            data += consumed;
            length -= consumed;
        }

        if (!client.HasAllocated && Shard.TryFindAllocation(client.FiveTuple, Now, out _))
        {
            client.HasAllocated = true;
        }
    }

    private void Register(StreamClient client)
    {
        if (_streams.TryGetValue(client.FiveTuple, out var former))
        {
            // The same ports again: the former connection is dead, and its end is still on the way here.
            former.Abort();
            Forget(former);
        }

        client.IsRegistered = true;
        client.IdleSince = Now;
        var sweep = Now + StreamSweepInterval;
        _nextHousekeeping = sweep < _nextHousekeeping ? sweep : _nextHousekeeping;
        _streams.Add(client.FiveTuple, client);
    }

    private void Forget(StreamClient client)
    {
        if (_streams.TryGetValue(client.FiveTuple, out var current) && current == client)
        {
            _streams.Remove(client.FiveTuple);
            CountDrops(client);
            Shard.ClientGone(client.FiveTuple, ref _sink);
        }
    }

    /// <summary>Sends away who has had no allocation for too long: whoever means to be relayed asks for one at once.</summary>
    private void CloseIdleStreams()
    {
        foreach (var client in _streams.Values)
        {
            CountDrops(client);
            if (Shard.TryFindAllocation(client.FiveTuple, Now, out _))
            {
                client.IdleSince = null;
            }
            else if (client.IdleSince is not { } since)
            {
                client.IdleSince = Now;
            }
            else if (Now - since >= Group.StreamIdleTimeout)
            {
                client.Abort();
            }
        }
    }

    private void CountDrops(StreamClient client)
    {
        var dropped = client.Queue.Dropped;
        Counters.StreamDropped += dropped - client.CountedDrops;
        client.CountedDrops = dropped;
    }

    private void SendOnStream(in FiveTuple client, ReadOnlySpan<byte> message)
    {
        if (!_streams.TryGetValue(client, out var stream))
        {
            return;
        }

        // Data is media, which may be dropped; the answers to requests are not.
        if (ChannelData.CanBegin(message[0]) || IsIndication(message))
        {
            stream.Queue.AddMedia(message, [], Environment.TickCount64);
        }
        else if (!stream.Queue.TryAddControl(message))
        {
            stream.Abort();
        }

        MarkDirty(stream);
    }

    private void SendChannelDataOnStream(in FiveTuple client, ushort channel, in DatagramRun run)
    {
        if (!_streams.TryGetValue(client, out var stream))
        {
            return;
        }

        Span<byte> header = stackalloc byte[ChannelData.HeaderSize];
        var nowMs = Environment.TickCount64;
        for (var i = 0; i < run.Count; i++)
        {
            var length = run.LengthAt(i);
            ChannelData.WriteHeader(header, channel, length);
            stream.Queue.AddMedia(header, new ReadOnlySpan<byte>(run.At(i), length), nowMs);
        }

        MarkDirty(stream);
    }

    private static bool IsIndication(ReadOnlySpan<byte> message) => (message[0] & 1) == 0 && (message[1] & 0x10) != 0;

    private void MarkDirty(StreamClient client)
    {
        if (!client.IsDirty)
        {
            client.IsDirty = true;
            _dirtyStreams.Add(client);
        }
    }

    private void NotifyStreams()
    {
        foreach (var client in _dirtyStreams)
        {
            client.IsDirty = false;
            client.NotifyAdded();
        }

        _dirtyStreams.Clear();
    }

    /// <summary>Ends every connection; afterwards submissions are refused.</summary>
    private void CloseStreams()
    {
        _hasEnded = true;
        foreach (var client in _streams.Values)
        {
            client.Abort();
        }

        RefuseSubmissions();
    }

    private void RefuseSubmissions()
    {
        while (_submissions.TryDequeue(out var client))
        {
            client.Abort();
            client.Release();
        }
    }
}
