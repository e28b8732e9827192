using System.Buffers;
using Parley.Stun;

namespace Parley.Turn.Fuzz;

/// <summary>Reads a stream of frames whole, and again as it trickles in pieces; both must say the same.</summary>
internal static class StunStreamTarget
{
    private const int MaxFrame = 512;

    public static void Run(byte[] input)
    {
        List<byte[]> whole = [];
        var rest = input.AsSpan();
        StunFrameStatus status;
        while ((status = StunFraming.TryReadFrame(rest, MaxFrame, out var frame, out var consumed)) == StunFrameStatus.Complete)
        {
            Require.That(frame.Length is > 0 and <= MaxFrame && consumed >= frame.Length && consumed <= rest.Length, "A frame is not within its bounds.");
            whole.Add(frame.ToArray());
            rest = rest[consumed..];
        }

        var trickled = Trickle(input, out var lastStatus);
        Require.That(lastStatus == status, $"Whole: {status}; in pieces: {lastStatus}.");
        Require.That(trickled.Count == whole.Count && trickled.Zip(whole).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "Frames differ with the pieces they come in.");
    }

    private static List<byte[]> Trickle(byte[] input, out StunFrameStatus status)
    {
        List<byte[]> frames = [];
        status = StunFrameStatus.Incomplete;
        Segment? first = null;
        Segment? last = null;
        var taken = 0L;
        for (var at = 0; at < input.Length && status != StunFrameStatus.Malformed;)
        {
            var size = Math.Min(1 + (input[at] % 7), input.Length - at);
            last = last is null ? first = new Segment(input.AsMemory(at, size)) : last.Append(input.AsMemory(at, size));
            at += size;
            var buffer = new ReadOnlySequence<byte>(first!, 0, last, last.Memory.Length).Slice(taken);
            while ((status = StunFraming.TryReadFrame(ref buffer, MaxFrame, out var frame)) == StunFrameStatus.Complete)
            {
                frames.Add(frame.ToArray());
            }

            Require.That(status == StunFrameStatus.Malformed || buffer.Length < MaxFrame + 4, "A reader waits for more than a frame may have.");
            taken = at - buffer.Length;
        }

        return frames;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
