namespace Parley.Turn;

/// <summary>
/// A rate with a burst, in 16 bytes. A run that begins while anything is left passes whole and may overdraw the bucket, so a
/// batch is never cut; the debt is waited for. A rate of 0 means no limit.
/// </summary>
internal struct TokenBucket
{
    private long _tokens;
    private Instant _filled;

    /// <summary>A full bucket.</summary>
    public TokenBucket(long burst, Instant now)
    {
        _tokens = burst;
        _filled = now;
    }

    /// <summary>Whether this is a default value, which nobody has filled.</summary>
    public readonly bool IsUnused => _tokens == 0 && _filled == default;

    public bool TryTake(long amount, long perSecond, long burst, Instant now)
    {
        if (perSecond <= 0)
        {
            return true;
        }

        var elapsed = (now - _filled).Ticks;
        if (elapsed > 0)
        {
            // At most the time that fills the bucket counts, which also keeps the product small.
            var gained = Math.Min(elapsed, TimeSpan.TicksPerSecond * 60) * (Int128)perSecond / TimeSpan.TicksPerSecond;
            if (gained > 0)
            {
                _tokens = (long)Int128.Min(burst, _tokens + gained);
                _filled = now;
            }
        }

        if (_tokens <= 0)
        {
            return false;
        }

        _tokens -= amount;
        return true;
    }
}
