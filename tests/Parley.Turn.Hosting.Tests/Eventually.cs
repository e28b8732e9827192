namespace Parley.Turn.Hosting.Tests;

/// <summary>Waits for a condition that other threads bring about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as the condition holds; fails with what <paramref name="actual"/> says when it does not in time.</summary>
    public static async Task TrueAsync(Func<bool> condition, Func<string> actual, TimeSpan? timeout = null)
    {
        var deadline = Environment.TickCount64 + (long)(timeout ?? TimeSpan.FromSeconds(20)).TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, actual());
            await Task.Delay(Interval);
        }
    }
}
