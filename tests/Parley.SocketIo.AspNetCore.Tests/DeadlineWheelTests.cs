using Microsoft.Extensions.Time.Testing;

namespace Parley.SocketIo.AspNetCore.Tests;

public sealed class DeadlineWheelTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(25_000)]
    [InlineData(40_000)]
    [InlineData(3_600_000)]
    public void A_deadline_rings_once_not_early_and_not_late(int milliseconds)
    {
        using var wheel = new DeadlineWheel(_time);
        var entry = new Entry();
        wheel.Set(entry, TimeSpan.FromMilliseconds(milliseconds));
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.Empty(entry.Rung);
        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Single(entry.Rung);
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Single(entry.Rung);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Deadlines_can_be_moved_and_taken_out()
    {
        using var wheel = new DeadlineWheel(_time);
        Entry[] entries = [new(), new(), new()];
        foreach (var entry in entries)
        {
            wheel.Set(entry, TimeSpan.FromSeconds(10));
        }

        wheel.Set(entries[0], TimeSpan.FromSeconds(5));
        wheel.Set(entries[1], TimeSpan.MaxValue);
        wheel.Set(entries[2], TimeSpan.FromSeconds(20));
        Assert.Equal(2, wheel.Count);
        _time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal([1, 0, 0], entries.Select(entry => entry.Rung.Count));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 0, 0], entries.Select(entry => entry.Rung.Count));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([1, 0, 1], entries.Select(entry => entry.Rung.Count));
    }

    [Fact]
    public void A_deadline_that_has_passed_rings_at_the_next_turn()
    {
        using var wheel = new DeadlineWheel(_time);
        _time.Advance(TimeSpan.FromSeconds(10));
        var entry = new Entry();
        wheel.Set(entry, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Single(entry.Rung);
    }

    [Fact]
    public void Nothing_is_missed_when_the_timer_is_very_late()
    {
        using var wheel = new DeadlineWheel(_time);
        var entries = Enumerable.Range(1, 100).Select(second => (Entry: new Entry(), Due: TimeSpan.FromSeconds(second))).ToArray();
        foreach (var (entry, due) in entries)
        {
            wheel.Set(entry, due);
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.All(entries, each => Assert.Single(each.Entry.Rung));
    }

    [Fact]
    public void Many_deadlines_ring_in_time_whatever_is_done_between()
    {
        using var wheel = new DeadlineWheel(_time);
        var random = new Random(7);
        var entries = Enumerable.Range(0, 200).Select(_ => new Entry()).ToArray();
        var due = new TimeSpan[entries.Length];
        Array.Fill(due, TimeSpan.MaxValue);
        for (var step = 0; step < 5_000; step++)
        {
            var i = random.Next(entries.Length);
            due[i] = random.Next(5) == 0 ? TimeSpan.MaxValue : wheel.Now + TimeSpan.FromMilliseconds(random.Next(1, 100_000));
            wheel.Set(entries[i], due[i]);
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 100)));
            for (var n = 0; n < entries.Length; n++)
            {
                if (entries[n].Rung.Count > 0)
                {
                    Assert.True(entries[n].Rung.Single() >= due[n], "A deadline rang too early.");
                    entries[n].Rung.Clear();
                    due[n] = TimeSpan.MaxValue;
                }

                Assert.True(due[n] == TimeSpan.MaxValue || due[n] > wheel.Now - TimeSpan.FromMilliseconds(5), "A deadline did not ring.");
            }
        }
    }

    private sealed class Entry : DeadlineEntry
    {
        public List<TimeSpan> Rung { get; } = [];

        internal override void OnDeadline(TimeSpan now) => Rung.Add(now);
    }
}
