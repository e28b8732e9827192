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

        // Only whole tokens are gained, and the time for the rest of one is kept, so that frequent calls lose nothing.
        var gained = (now - _filled).Ticks * (perSecond / (double)TimeSpan.TicksPerSecond);
        if (gained >= burst - _tokens)
        {
            (_tokens, _filled) = (burst, now);
        }
        else if (gained >= 1)
        {
            var whole = (long)gained;
            _tokens += whole;
            _filled = new Instant(_filled.Ticks + (long)(whole * ((double)TimeSpan.TicksPerSecond / perSecond)));
        }

        if (_tokens <= 0)
        {
            return false;
        }

        _tokens -= amount;
        return true;
    }
}
