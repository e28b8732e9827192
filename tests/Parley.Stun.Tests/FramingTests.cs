using System.Buffers;

namespace Parley.Stun.Tests;

/// <summary>Messages on streams, and ChannelData.</summary>
public sealed class FramingTests
{
    private const int Max = 1024;

    private static readonly byte[] Message = Hex.Bytes("0001 0008 2112A442 010203040506070809101112 00060001 61000000");
    private static readonly byte[] Unaligned = Hex.Bytes("4000 0005 6865 6C6C 6F 000000");
    private static readonly byte[] Empty = Hex.Bytes("4001 0000");

    [Fact]
    public void Frames_come_off_a_stream_one_by_one_however_it_is_cut()
    {
        byte[] stream = [.. Message, .. Unaligned, .. Empty, .. Message];
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            List<byte[]> frames = [];
            var buffer = Sequence(stream[..cut]);
            Take(ref buffer, frames);
            buffer = Sequence([.. buffer.ToArray(), .. stream[cut..]]);
            Take(ref buffer, frames);
            Assert.Equal([Message, Unaligned[..9], Empty, Message], frames);
            Assert.True(buffer.IsEmpty);
        }

        static void Take(ref ReadOnlySequence<byte> buffer, List<byte[]> frames)
        {
            StunFrameStatus status;
            while ((status = StunFraming.TryReadFrame(ref buffer, Max, out var frame)) == StunFrameStatus.Complete)
            {
                frames.Add(frame.ToArray());
            }

            Assert.Equal(StunFrameStatus.Incomplete, status);
        }
    }

    [Fact]
    public void A_frame_whose_padding_is_missing_is_not_complete()
    {
        Assert.Equal(StunFrameStatus.Incomplete, StunFraming.TryReadFrame(Unaligned.AsSpan(0, 11), Max, out _, out _));
        Assert.Equal(StunFrameStatus.Complete, StunFraming.TryReadFrame(Unaligned, Max, out var frame, out var consumed));
        Assert.Equal((9, 12), (frame.Length, consumed));
    }

    [Theory]
    [InlineData("80")] // RTP
    [InlineData("C0")]
    [InlineData("474554202F20485454502F312E310D0A", "GET")] // 'G' is 0x47, ChannelData by its first byte; its length is far over the limit
    [InlineData("1603010200")] // TLS
    [InlineData("0001 0002 2112A442", "a length that is no multiple of four")]
    [InlineData("0001 0000 2112A441", "another cookie")]
    [InlineData("0001 0400 2112A442", "a message over the limit")]
    [InlineData("4000 03FD", "ChannelData over the limit")]
    public void What_is_neither_ends_the_stream_as_soon_as_that_can_be_seen(string hex, string? why = null)
    {
        var bytes = Hex.Bytes(hex);
        Assert.True(StunFrameStatus.Malformed == StunFraming.TryReadFrame(bytes, Max, out var frame, out var consumed), why);
        Assert.Equal((0, 0), (frame.Length, consumed));
        var buffer = Sequence(bytes);
        Assert.Equal(StunFrameStatus.Malformed, StunFraming.TryReadFrame(ref buffer, Max, out _));
        Assert.Equal(bytes.Length, buffer.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000100")]
    [InlineData("00010000")]
    [InlineData("0001 0000 2112A4")]
    [InlineData("4000 03FC")]
    public void What_may_become_a_frame_is_waited_for(string hex) =>
        Assert.Equal(StunFrameStatus.Incomplete, StunFraming.TryReadFrame(Hex.Bytes(hex), Max, out _, out _));

    [Theory]
    [InlineData("4000 0003 010203", 0x4000, "010203")]
    [InlineData("7FFF 0003 010203 FF", 0x7FFF, "010203")]
    [InlineData("4000 0000", 0x4000, "")]
    public void ChannelData_reads(string hex, int channel, string data)
    {
        Assert.True(ChannelData.TryParse(Hex.Bytes(hex), out var number, out var read));
        Assert.Equal(channel, number);
        Assert.Equal(Hex.Bytes(data), read.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("4000 00")]
    [InlineData("4000 0004 010203")]
    [InlineData("4000 FFFF 010203")]
    [InlineData("3FFF 0000")]
    [InlineData("8000 0000")]
    public void What_is_no_ChannelData_is_not_read(string hex)
    {
        Assert.False(ChannelData.TryParse(Hex.Bytes(hex), out _, out var data));
        Assert.True(data.IsEmpty);
    }

    // One byte a segment: the worst that a pipe can hold.
    private static ReadOnlySequence<byte> Sequence(byte[] bytes)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var b in bytes)
        {
            var next = new Segment(new[] { b }, last);
            first ??= next;
            last = next;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, 1);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
