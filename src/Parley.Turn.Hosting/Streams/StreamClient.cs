using System.Buffers;

namespace Parley.Turn.Hosting.Streams;

/// <summary>
/// A client on TCP or TLS, as its engine and its connection see it. The connection submits whole frames and waits until the
/// engine has copied them, so that one client never has more than one batch with the engine; the engine leaves frames in the
/// queue and never waits for anything.
/// </summary>
internal sealed class StreamClient(FiveTuple fiveTuple, MediaQueue queue, Action abort)
{
    private readonly AsyncSignal _copied = new();
    private readonly AsyncSignal _added = new();
    private volatile bool _isAborted;
    private volatile bool _hasAllocated;

    public FiveTuple FiveTuple { get; } = fiveTuple;

    public MediaQueue Queue { get; } = queue;

    /// <summary>Frames that wait for the engine.</summary>
    public ReadOnlySequence<byte> Submitted { get; private set; }

    /// <summary>Whether the connection has ended, so that this is its last submission.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the connection is to be closed.</summary>
    public bool IsAborted => _isAborted;

    /// <summary>Whether the client has, or had, an allocation: it has proven who it is.</summary>
    public bool HasAllocated
    {
        get => _hasAllocated;
        set => _hasAllocated = value;
    }

    /// <summary>Used by the engine: whether it knows this client.</summary>
    public bool IsRegistered { get; set; }

    /// <summary>Used by the engine: whether it left frames in this round.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Used by the engine: since when the client has had no allocation; null while it has one.</summary>
    public Instant? IdleSince { get; set; }

    /// <summary>Used by the engine: how many of the queue's drops it has counted.</summary>
    public long CountedDrops { get; set; }

    /// <summary>Gives whole frames to the engine; completes when it has copied them.</summary>
    public ValueTask SubmitAsync(RelayEngine engine, in ReadOnlySequence<byte> frames)
    {
        Submitted = frames;
        var copied = _copied.WaitAsync();
        engine.Submit(this);
        return copied;
    }

    /// <summary>Tells the engine that the connection has ended; completes when its allocation is freed.</summary>
    public ValueTask EndAsync(RelayEngine engine)
    {
        HasEnded = true;
        return SubmitAsync(engine, ReadOnlySequence<byte>.Empty);
    }

    /// <summary>The engine has copied what was submitted.</summary>
    public void Release()
    {
        Submitted = default;
        _copied.Set();
    }

    /// <summary>Completes when frames were added, or the client was aborted. One waiter.</summary>
    public ValueTask WaitForFramesAsync() => _added.WaitAsync();

    /// <summary>Frames were added.</summary>
    public void NotifyAdded() => _added.Set();

    /// <summary>Closes the connection. Any thread; returns at once.</summary>
    public void Abort()
    {
        if (!_isAborted)
        {
            _isAborted = true;
            abort();
            _added.Set();
        }
    }
}
