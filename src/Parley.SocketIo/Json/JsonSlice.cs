namespace Parley.SocketIo.Json;

/// <summary>A part of a packet's text.</summary>
/// <param name="Start">Index of its first byte.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct JsonSlice(int Start, int Length)
{
    /// <summary>The bytes themselves.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Start, Length);

    /// <summary>The bytes themselves.</summary>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> text) => text.Slice(Start, Length);
}
