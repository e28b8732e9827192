namespace Parley.Signaling.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public void A_burst_passes_and_then_only_the_rate()
    {
        var now = DateTimeOffset.UnixEpoch;
        var limit = new RateLimit(perSecond: 2, burst: 3);
        Assert.True(limit.TryTake(now, out _));
        Assert.True(limit.TryTake(now, out _));
        Assert.True(limit.TryTake(now, out _));
        Assert.False(limit.TryTake(now, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(0.5), retryAfter);

        Assert.False(limit.TryTake(now.AddSeconds(0.4), out _));
        Assert.True(limit.TryTake(now.AddSeconds(0.5), out _));
        Assert.False(limit.TryTake(now.AddSeconds(0.5), out _));
    }

    [Fact]
    public void A_long_rest_gives_the_burst_back_and_no_more()
    {
        var now = DateTimeOffset.UnixEpoch;
        var limit = new RateLimit(perSecond: 2, burst: 3);
        for (var i = 0; i < 3; i++)
        {
            limit.TryTake(now, out _);
        }

        now = now.AddHours(1);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(limit.TryTake(now, out _));
        }

        Assert.False(limit.TryTake(now, out _));
    }
}
