using System.Diagnostics;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>Waits for conditions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Returns when the condition holds; fails when it does not within 20 s.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, $"{what} did not come true within {Patience}.");
            await Task.Delay(5);
        }
    }

    /// <summary>The task's result; fails when there is none within 20 s.</summary>
    public static Task<T> ComesAsync<T>(TaskCompletionSource<T> source) => source.Task.WaitAsync(Patience);
}
