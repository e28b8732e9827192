using System.Buffers;

namespace Parley.Turn.Hosting.Streams;

/// <summary>
/// Frames that wait for a stream to take them, bounded by bytes and by age. When media waits too long or too much of it waits,
/// the oldest goes: late media is worthless, and what is behind it is not. Responses of the protocol go first and do not age.
/// Any thread may add; one reads.
/// </summary>
/// <param name="maxBytes">Most bytes that media may occupy.</param>
/// <param name="maxAge">Longest that media may wait.</param>
/// <param name="maxControlBytes">Most bytes that responses may occupy: a client that asks and does not read is cut off.</param>
internal sealed class MediaQueue(int maxBytes, TimeSpan maxAge, int maxControlBytes)
{
    private readonly Lock _lock = new();
    private readonly FrameRing _media = new(maxBytes);
    private readonly FrameRing _control = new(maxControlBytes);
    private readonly long _maxAgeMs = (long)maxAge.TotalMilliseconds;

    /// <summary>Media frames that were given up, for age or for room.</summary>
    public long Dropped { get; private set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _media.Count + _control.Count == 0;
            }
        }
    }

    /// <summary>Adds media, one frame in two pieces, padded with zeroes to a multiple of four as streams need it.</summary>
    public void AddMedia(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, long nowMs)
    {
        lock (_lock)
        {
            var size = FrameRing.PaddedSize(header.Length + payload.Length);
            if (size > maxBytes)
            {
                Dropped++;
                return;
            }

            while (_media.Free < size)
            {
                _media.Skip();
                Dropped++;
            }

            _media.Add(header, payload, nowMs);
        }
    }

    /// <summary>Adds a response; false when the client has left too many unread, which ends its connection.</summary>
    public bool TryAddControl(ReadOnlySpan<byte> message)
    {
        lock (_lock)
        {
            if (_control.Free < FrameRing.PaddedSize(message.Length))
            {
                return false;
            }

            _control.Add(message, [], 0);
            return true;
        }
    }

    /// <summary>
    /// Moves whole frames to <paramref name="output"/>, responses first, media that is too old left out, until about
    /// <paramref name="maxBatchBytes"/> are moved. Returns the number of bytes; zero when nothing waits.
    /// </summary>
    public int Take(IBufferWriter<byte> output, int maxBatchBytes, long nowMs)
    {
        lock (_lock)
        {
            var taken = 0;
            while (_control.Count > 0 && taken < maxBatchBytes)
            {
                taken += _control.Take(output);
            }

            while (_media.Count > 0 && taken < maxBatchBytes)
            {
                if (nowMs - _media.OldestMs > _maxAgeMs)
                {
                    _media.Skip();
                    Dropped++;
                }
                else
                {
                    taken += _media.Take(output);
                }
            }

            return taken;
        }
    }
}
