namespace Parley.Signaling;

/// <summary>The limits of a room.</summary>
public sealed record RoomSettings
{
    /// <summary>How long the seat of a participant who lost the connection is kept. 30 seconds.</summary>
    public TimeSpan ResumeWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many messages are kept for one seat. 64.</summary>
    public int MaxKeptMessages { get; init; } = 64;

    /// <summary>How many bytes of data are kept for one seat. 256 KiB.</summary>
    public int MaxKeptBytes { get; init; } = 256 * 1024;

    /// <summary>The largest message, in bytes of JSON. 64 KiB; a session description has 2 to 30 KB.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024;
}
