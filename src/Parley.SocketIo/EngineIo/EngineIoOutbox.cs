using System.Runtime.InteropServices;

namespace Parley.SocketIo.EngineIo;

/// <summary>The frames that wait for the client to take them, bounded by bytes. A mutable struct inside the session; empty it holds no memory.</summary>
internal struct EngineIoOutbox
{
    // Charged for each frame besides its bytes, so that very many very small frames are bounded too.
    internal const int FrameOverhead = 32;

    private List<EngineIoFrame>? _frames;
    private int _next;

    /// <summary>Bytes of the frames that wait, and of the one being written, with overhead.</summary>
    public int QueuedBytes { get; private set; }

    public readonly bool IsEmpty => _frames is null || _next == _frames.Count;

    public readonly ReadOnlySpan<EngineIoFrame> Frames => CollectionsMarshal.AsSpan(_frames)[_next..];

    public static int Cost(in EngineIoFrame frame) => frame.Bytes.Length + FrameOverhead;

    public void Charge(int bytes) => QueuedBytes += bytes;

    public void Add(in EngineIoFrame frame)
    {
        (_frames ??= new List<EngineIoFrame>(4)).Add(frame);
        QueuedBytes += Cost(frame);
    }

    /// <summary>Takes the oldest frame. Its bytes stay charged until <see cref="Charge"/> takes them off.</summary>
    public bool TryTake(out EngineIoFrame frame)
    {
        if (IsEmpty)
        {
            frame = default;
            return false;
        }

        frame = _frames![_next];
        _frames[_next] = default;
        _next++;
        if (_next == _frames.Count)
        {
            // Frames wait here only while others are being written, so an idle connection need not keep the list.
            _frames = null;
            _next = 0;
        }
        else if (_next >= 64 && _next * 2 > _frames.Count)
        {
            _frames.RemoveRange(0, _next);
            _next = 0;
        }

        return true;
    }

    public void Clear()
    {
        _frames = null;
        _next = 0;
        QueuedBytes = 0;
    }
}
