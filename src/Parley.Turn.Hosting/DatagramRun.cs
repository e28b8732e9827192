namespace Parley.Turn.Hosting;

/// <summary>
/// Datagrams that lie at equal distances in memory and have one size (the last may be shorter): a single one, or what the
/// kernel joined. Headers are left out. Valid until the engine's buffers are reused.
/// </summary>
internal readonly unsafe struct DatagramRun(byte* first, int stride, int count, int length, int lastLength, bool hasHeaderRoom)
{
    /// <summary>Where the first datagram's data begins.</summary>
    public readonly byte* First = first;

    /// <summary>Bytes from one datagram's beginning to the next one's.</summary>
    public readonly int Stride = stride;

    /// <summary>How many datagrams; at least one.</summary>
    public readonly int Count = count;

    /// <summary>Bytes of data in each but the last.</summary>
    public readonly int Length = length;

    /// <summary>Bytes of data in the last.</summary>
    public readonly int LastLength = lastLength;

    /// <summary>Whether each datagram, not only the first, has four bytes in front that may be overwritten with a ChannelData header.</summary>
    public readonly bool HasHeaderRoom = hasHeaderRoom;

    /// <summary>Bytes of data in all.</summary>
    public int Bytes => ((Count - 1) * Length) + LastLength;

    /// <summary>Bytes from the first datagram's beginning to the last one's end.</summary>
    public int Extent => ((Count - 1) * Stride) + LastLength;

    public static DatagramRun Single(byte* data, int length) => new(data, length, 1, length, length, hasHeaderRoom: true);

    public byte* At(int index) => First + ((long)index * Stride);

    public int LengthAt(int index) => index == Count - 1 ? LastLength : Length;
}
