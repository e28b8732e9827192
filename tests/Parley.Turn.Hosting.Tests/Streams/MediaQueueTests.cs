using System.Buffers;
using Parley.Turn.Hosting.Streams;

namespace Parley.Turn.Hosting.Tests.Streams;

public sealed class MediaQueueTests
{
    private readonly MediaQueue _queue = new(maxBytes: 1000, maxAge: TimeSpan.FromMilliseconds(200), maxControlBytes: 100);

    [Fact]
    public void Frames_come_out_in_order_and_padded_to_four_bytes()
    {
        _queue.AddMedia([0x40, 0, 0, 1], [7], nowMs: 0);
        _queue.AddMedia([0x40, 0, 0, 4], [1, 2, 3, 4], nowMs: 0);

        Assert.Equal([0x40, 0, 0, 1, 7, 0, 0, 0, 0x40, 0, 0, 4, 1, 2, 3, 4], Take(nowMs: 0));
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public void Media_that_waited_too_long_is_left_out_and_counted()
    {
        _queue.AddMedia([1, 1, 1, 1], [], nowMs: 0);
        _queue.AddMedia([2, 2, 2, 2], [], nowMs: 100);

        Assert.Equal([2, 2, 2, 2], Take(nowMs: 201));
        Assert.Equal(1, _queue.Dropped);
    }

    [Fact]
    public void When_there_is_no_room_the_oldest_media_goes()
    {
        for (byte i = 0; i < 12; i++)
        {
            _queue.AddMedia([i, i, i, i], new byte[96], nowMs: 0);
        }

        var left = Take(nowMs: 0);
        Assert.Equal(1000, left.Length);
        Assert.Equal(2, left[0]);
        Assert.Equal(2, _queue.Dropped);
    }

    [Fact]
    public void A_frame_larger_than_the_queue_is_dropped_and_the_rest_stays()
    {
        _queue.AddMedia([1, 1, 1, 1], [], nowMs: 0);
        _queue.AddMedia([2, 2, 2, 2], new byte[1000], nowMs: 0);

        Assert.Equal([1, 1, 1, 1], Take(nowMs: 0));
        Assert.Equal(1, _queue.Dropped);
    }

    [Fact]
    public void Responses_overtake_media_and_do_not_age()
    {
        _queue.AddMedia([9, 9, 9, 9], [], nowMs: 0);
        Assert.True(_queue.TryAddControl([1, 2, 3, 4]));

        Assert.Equal([1, 2, 3, 4], Take(nowMs: 10_000));
        Assert.Equal(1, _queue.Dropped);
    }

    [Fact]
    public void Responses_that_nobody_reads_are_refused_in_the_end()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.True(_queue.TryAddControl(new byte[20]));
        }

        Assert.False(_queue.TryAddControl(new byte[20]));
    }

    [Fact]
    public void A_batch_ends_after_the_frame_that_reaches_its_size()
    {
        for (var i = 0; i < 3; i++)
        {
            _queue.AddMedia([1, 1, 1, 1], new byte[96], nowMs: 0);
        }

        Assert.Equal(200, Take(nowMs: 0, maxBatchBytes: 150).Length);
        Assert.Equal(100, Take(nowMs: 0, maxBatchBytes: 150).Length);
        Assert.Empty(Take(nowMs: 0, maxBatchBytes: 150));
    }

    [Fact]
    public void Any_pattern_of_sizes_goes_through_the_ring_unharmed()
    {
        var random = new Random(1);
        var queue = new MediaQueue(1 << 16, TimeSpan.FromSeconds(1), 100);
        var expected = new List<byte>();
        var actual = new List<byte>();
        for (var i = 0; i < 5000; i++)
        {
            var payload = new byte[random.Next(0, 1500)];
            random.NextBytes(payload);
            queue.AddMedia([1, 2, 3, 4], payload, nowMs: 0);
            expected.AddRange([1, 2, 3, 4, .. payload, .. new byte[(4 - (payload.Length % 4)) % 4]]);
            if (random.Next(4) == 0)
            {
                actual.AddRange(Take(queue, nowMs: 0, maxBatchBytes: random.Next(1, 20_000)));
            }
        }

        actual.AddRange(Take(queue, nowMs: 0, maxBatchBytes: int.MaxValue));
        Assert.Equal(0, queue.Dropped);
        Assert.Equal(expected, actual);
    }

    private byte[] Take(long nowMs, int maxBatchBytes = int.MaxValue) => Take(_queue, nowMs, maxBatchBytes);

    private static byte[] Take(MediaQueue queue, long nowMs, int maxBatchBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(queue.Take(output, maxBatchBytes, nowMs), output.WrittenCount);
        return output.WrittenSpan.ToArray();
    }
}
