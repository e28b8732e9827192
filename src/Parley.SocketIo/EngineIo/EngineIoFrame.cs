namespace Parley.SocketIo.EngineIo;

/// <summary>
/// One packet on its way to a client. Immutable once sent, so that one frame can be queued for any number of receivers.
/// </summary>
/// <param name="Bytes">A text packet with its type digit in UTF-8, or the bytes of a binary message alone.</param>
/// <param name="IsBinary">Whether <paramref name="Bytes"/> is a binary message.</param>
public readonly record struct EngineIoFrame(ReadOnlyMemory<byte> Bytes, bool IsBinary)
{
    internal static readonly EngineIoFrame Close = Text("1"u8);
    internal static readonly EngineIoFrame Ping = Text("2"u8);
    internal static readonly EngineIoFrame ProbePong = Text("3probe"u8);
    internal static readonly EngineIoFrame Noop = Text("6"u8);

    private static EngineIoFrame Text(ReadOnlySpan<byte> text) => new(text.ToArray(), IsBinary: false);
}
