namespace Parley.Turn;

/// <summary>
/// A point of monotonic time, in ticks of 100 ns since an origin of the caller's choosing that never changes while it runs.
/// The core never looks at a clock: whoever calls says what time it is.
/// </summary>
/// <param name="Ticks">Ticks of 100 ns since the origin.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>Later than every deadline.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>The instant that much later.</summary>
    public static Instant operator +(Instant instant, TimeSpan duration) => new(instant.Ticks + duration.Ticks);

    /// <summary>The time from one instant to another.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => new(later.Ticks - earlier.Ticks);

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Not later than.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;
}
