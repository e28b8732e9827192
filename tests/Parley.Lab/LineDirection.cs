using System.Buffers;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Parley.Lab;

/// <summary>One direction of a line: takes packets from one device and gives them to the other when they are due. Used by one thread.</summary>
internal sealed class LineDirection(SafeFileHandle from, SafeFileHandle to, Random chance)
{
    private const int LargestPacket = 65_536;

    private readonly Queue<(byte[] Buffer, int Length, long Due)> _underWay = [];
    private readonly byte[] _incoming = new byte[LargestPacket];
    private long _freeAt;
    private long _carried;
    private long _lost;

    public long Carried => Volatile.Read(ref _carried);

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Time until the next packet is due; zero if one is.</summary>
    public TimeSpan UntilNext()
    {
        if (!_underWay.TryPeek(out var next))
        {
            return TimeSpan.MaxValue;
        }

        var left = next.Due - Stopwatch.GetTimestamp();
        return left <= 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, left);
    }

    /// <summary>Takes in what the first device has sent.</summary>
    public void Take(LineConditions conditions)
    {
        while (Native.Read(from, _incoming, _incoming.Length) is > 0 and var length)
        {
            var now = Stopwatch.GetTimestamp();
            if (conditions.Cut || chance.NextDouble() < conditions.Loss || !TryStart(conditions, now, (int)length, out var sent))
            {
                _lost++;
                continue;
            }

            var buffer = ArrayPool<byte>.Shared.Rent((int)length);
            _incoming.AsSpan(0, (int)length).CopyTo(buffer);
            _underWay.Enqueue((buffer, (int)length, sent + Ticks(conditions.Delay)));
        }
    }

    /// <summary>Gives the other device what is due. Packets leave in the order they came, so a delay that was shortened does not overtake.</summary>
    public void Deliver(LineConditions conditions)
    {
        while (_underWay.TryPeek(out var next) && (conditions.Cut || next.Due <= Stopwatch.GetTimestamp()))
        {
            _underWay.Dequeue();
            if (!conditions.Cut && Native.Write(to, next.Buffer.AsSpan(0, next.Length), next.Length) == next.Length)
            {
                _carried++;
            }
            else
            {
                // A device that is down, or whose queue is full, loses the packet, as a network would.
                _lost++;
            }

            ArrayPool<byte>.Shared.Return(next.Buffer);
        }
    }

    // When the last bit of the packet has been sent: it waits for those before it, and then takes the time its own bits need.
    private bool TryStart(LineConditions conditions, long now, int length, out long sent)
    {
        if (conditions.BitsPerSecond is not { } rate)
        {
            sent = now;
            return true;
        }

        var start = Math.Max(now, _freeAt);
        sent = start + (length * 8L * Stopwatch.Frequency / rate);
        if (start - now > Ticks(conditions.Queue))
        {
            return false;
        }

        _freeAt = sent;
        return true;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
