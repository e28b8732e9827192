namespace Parley.Signaling;

/// <summary>A token bucket: <paramref name="perSecond"/> on average, <paramref name="burst"/> at once.</summary>
/// <param name="perSecond">How many come back each second.</param>
/// <param name="burst">How many there are to begin with, and at most.</param>
public struct RateLimit(double perSecond, double burst)
{
    private readonly double _perSecond = perSecond;
    private readonly double _burst = burst;
    private double _left = burst;
    private DateTimeOffset _at = DateTimeOffset.MinValue;

    /// <summary>Takes one. False when there is none left, and then <paramref name="retryAfter"/> says when there will be.</summary>
    public bool TryTake(DateTimeOffset now, out TimeSpan retryAfter)
    {
        if (_at != DateTimeOffset.MinValue && now > _at)
        {
            _left = Math.Min(_burst, _left + ((now - _at).TotalSeconds * _perSecond));
        }

        _at = now;
        if (_left < 1)
        {
            retryAfter = TimeSpan.FromSeconds((1 - _left) / _perSecond);
            return false;
        }

        _left--;
        retryAfter = TimeSpan.Zero;
        return true;
    }
}
