using System.Diagnostics;

namespace Parley.Testing;

/// <summary>Waiting for a condition, never for a time.</summary>
public static class Wait
{
    /// <summary>How long a condition gets by default: far longer than it takes, since a busy machine is no failure.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the answer satisfies the condition, and returns that answer.</summary>
    /// <exception cref="TimeoutException">It did not within the limit; the message has the last answer.</exception>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfied, string what, TimeSpan? limit = null)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var asked = waited.Elapsed;
            var answer = await ask();
            var pause = 2 * (waited.Elapsed - asked);
            if (satisfied(answer))
            {
                return answer;
            }

            if (waited.Elapsed > (limit ?? DefaultLimit))
            {
                throw new TimeoutException($"Waited {waited.Elapsed.TotalSeconds:0.0} s in vain for: {what}. Last seen: {answer}");
            }

            // A question that is dear is asked less often: waiting must not keep busy what it waits for.
            await Task.Delay(pause > Step ? pause : Step);
        }
    }
}
