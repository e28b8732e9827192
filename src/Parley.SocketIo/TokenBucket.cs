namespace Parley.SocketIo;

/// <summary>A rate limit with a burst: a bucket of tokens that fills with time. Mutable; keep it in a field that is not readonly.</summary>
public struct TokenBucket
{
    private double _tokens;
    private TimeSpan _filled;

    /// <summary>A full bucket.</summary>
    public TokenBucket(int burst, TimeSpan now)
    {
        _tokens = burst;
        _filled = now;
    }

    /// <summary>Takes one token if there is one.</summary>
    /// <param name="perSecond">Tokens that come back each second. Zero or less: no limit, always true.</param>
    /// <param name="burst">Most tokens the bucket holds.</param>
    /// <param name="now">Monotonic time.</param>
    public bool TryTake(double perSecond, int burst, TimeSpan now)
    {
        if (perSecond <= 0)
        {
            return true;
        }

        // Fractions of a token survive, or a client polling the bucket faster than it fills would never get one.
        _tokens = Math.Min(burst, _tokens + ((now - _filled).TotalSeconds * perSecond));
        _filled = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>Whether the bucket is full again, so that forgetting it changes nothing.</summary>
    public readonly bool IsFull(double perSecond, int burst, TimeSpan now) => _tokens + ((now - _filled).TotalSeconds * perSecond) >= burst;
}
