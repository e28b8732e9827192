using System.Diagnostics;
using System.Numerics;

namespace Parley.Bench;

/// <summary>Times in buckets that are 1/8 of a power of two wide: percentiles to about 10 %, no allocation per sample.</summary>
public sealed class LatencyHistogram
{
    private const int StepsPerOctave = 8;

    private readonly long[] _buckets = new long[64 * StepsPerOctave];
    private long _count;

    public void Add(long ticks)
    {
        var value = (ulong)Math.Max(ticks, 1);
        var octave = 63 - BitOperations.LeadingZeroCount(value);
        var step = octave < 3 ? 0 : (int)((value >> (octave - 3)) & (StepsPerOctave - 1));
        _buckets[(octave * StepsPerOctave) + step]++;
        _count++;
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        _count = 0;
    }

    /// <summary>The time that the given share of samples stayed below, in microseconds.</summary>
    public double PercentileMicroseconds(double share)
    {
        var left = (long)(_count * share);
        for (var i = 0; i < _buckets.Length; i++)
        {
            left -= _buckets[i];
            if (left < 0)
            {
                var octave = i / StepsPerOctave;
                var ticks = Math.Pow(2, octave) * (1 + ((i % StepsPerOctave + 1) / (double)StepsPerOctave));
                return ticks * 1e6 / Stopwatch.Frequency;
            }
        }

        return 0;
    }
}
