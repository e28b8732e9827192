using System.Diagnostics;

namespace Parley.Turn.Hosting;

/// <summary>The clock of the engines' threads. They wait in the kernel, where no substitute clock reaches them.</summary>
internal static class MonotonicClock
{
    public static Instant Now => new(Stopwatch.GetElapsedTime(0).Ticks);
}
