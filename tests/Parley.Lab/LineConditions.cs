namespace Parley.Lab;

/// <summary>How a line treats what goes over it, in each direction.</summary>
public sealed record LineConditions
{
    /// <summary>A line that is not noticed.</summary>
    public static readonly LineConditions Perfect = new();

    /// <summary>Time a packet is under way in one direction. Defaults to none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Share of packets that are lost, 0 to 1. Defaults to 0.</summary>
    public double Loss { get; init; }

    /// <summary>Bits per second in one direction; null, the default, for as fast as the machine can.</summary>
    public long? BitsPerSecond { get; init; }

    /// <summary>How long a packet may wait for its turn on a line with a rate; what would wait longer is dropped. Defaults to 300 ms.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Whether the line is cut: everything is lost, what is under way too, and nobody is told.</summary>
    public bool Cut { get; init; }
}
