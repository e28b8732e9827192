using System.Runtime.CompilerServices;
using Parley.SocketIo.Json;

namespace Parley.SocketIo;

/// <summary>
/// Where the parts of a packet lie in its text. The text itself is kept by whoever reads the parts, so that arguments are passed on byte for byte.
/// </summary>
public struct SocketIoPacket
{
    private const int NotedArguments = 4;

    private Arguments _arguments;

    /// <summary>What kind of packet.</summary>
    public SocketIoPacketType Type { get; internal set; }

    /// <summary>How many binary attachments follow; zero for packets without.</summary>
    public int AttachmentCount { get; internal set; }

    /// <summary>The namespace, with its slash. Empty for the default namespace.</summary>
    public JsonSlice Namespace { get; internal set; }

    /// <summary>Number of the answer that is asked for or given, or -1.</summary>
    public long AckId { get; internal set; }

    /// <summary>The JSON after the header: an object for CONNECT, an array for events and acks. Empty when there is none.</summary>
    public JsonSlice Payload { get; internal set; }

    /// <summary>The event's name as JSON, a string with its quotes or a number. Empty for other packets.</summary>
    public JsonSlice Name { get; internal set; }

    /// <summary>How many arguments an event has after its name, or an ack in all.</summary>
    public int ArgumentCount { get; private set; }

    /// <summary>Where an argument lies.</summary>
    /// <param name="text">The packet's text.</param>
    /// <param name="index">From 0 to <see cref="ArgumentCount"/> - 1.</param>
    public readonly JsonSlice GetArgument(ReadOnlySpan<byte> text, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ArgumentCount);
        if (index < NotedArguments)
        {
            return _arguments[index];
        }

        // Few events have more arguments than were noted; those are looked for again rather than kept.
        var slice = _arguments[NotedArguments - 1];
        for (var i = NotedArguments - 1; i < index; i++)
        {
            var comma = JsonScanner.SkipWhiteSpace(text, slice.Start + slice.Length);
            var start = JsonScanner.SkipWhiteSpace(text, comma + 1);
            slice = new JsonSlice(start, JsonScanner.SkipValue(text, start) - start);
        }

        return slice;
    }

    internal void AddArgument(JsonSlice argument)
    {
        if (ArgumentCount < NotedArguments)
        {
            _arguments[ArgumentCount] = argument;
        }

        ArgumentCount++;
    }

    [InlineArray(NotedArguments)]
    private struct Arguments
    {
        private JsonSlice _first;
    }
}
