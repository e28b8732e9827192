using System.Numerics;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Something that wants to be called at a time. It is in one wheel at most.</summary>
internal abstract class DeadlineEntry
{
    // Guarded by the wheel's lock.
    internal DeadlineEntry? Previous;
    internal DeadlineEntry? Next;
    internal int Slot = -1;
    internal long DueTick;

    /// <summary>The time has come. Called on a thread of the pool, with no lock held.</summary>
    internal abstract void OnDeadline(TimeSpan now);
}

/// <summary>
/// One timer for the deadlines of all connections: a hashed wheel in which setting, moving and removing a deadline takes constant time. The timer runs
/// only while something is due.
/// </summary>
internal sealed class DeadlineWheel : IDisposable
{
    private const int Slots = 16384;
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly DeadlineEntry?[] _slots = new DeadlineEntry?[Slots];
    private readonly ulong[] _occupied = new ulong[Slots / 64];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _doneTick;
    private long _timerTick = long.MaxValue;

    public DeadlineWheel(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static wheel => ((DeadlineWheel)wheel!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic time since the wheel was made.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Deadlines that are set.</summary>
    public int Count { get; private set; }

    /// <summary>Sets or moves an entry's deadline; <see cref="TimeSpan.MaxValue"/> takes it out.</summary>
    public void Set(DeadlineEntry entry, TimeSpan due)
    {
        lock (_gate)
        {
            Unlink(entry);
            if (due == TimeSpan.MaxValue)
            {
                return;
            }

            // Rounded up: never early. And never into a tick that has been done.
            entry.DueTick = Math.Max((due.Ticks + Resolution.Ticks - 1) / Resolution.Ticks, _doneTick + 1);
            Link(entry);
            if (entry.DueTick < _timerTick)
            {
                SetTimer(entry.DueTick);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        List<DeadlineEntry>? due = null;
        var now = Now;
        lock (_gate)
        {
            var tick = now.Ticks / Resolution.Ticks;

            // After a long pause one round over all slots finds everything.
            for (var at = Math.Max(_doneTick + 1, tick - Slots + 1); at <= tick; at++)
            {
                for (var entry = _slots[at % Slots]; entry is not null;)
                {
                    var next = entry.Next;
                    if (entry.DueTick <= tick)
                    {
                        Unlink(entry);
                        (due ??= []).Add(entry);
                    }

                    entry = next;
                }
            }

            _doneTick = Math.Max(_doneTick, tick);
            SetTimer(NextOccupied());
        }

        foreach (var entry in due ?? [])
        {
            entry.OnDeadline(now);
        }
    }

    // The first occupied slot; its entries may be of a later round, and then the timer has looked once in vain.
    private long NextOccupied()
    {
        for (var tick = _doneTick + 1; tick <= _doneTick + Slots;)
        {
            var slot = (int)(tick % Slots);
            var bits = _occupied[slot / 64] >> (slot % 64);
            if (bits != 0)
            {
                return tick + BitOperations.TrailingZeroCount(bits);
            }

            tick += 64 - (slot % 64);
        }

        return long.MaxValue;
    }

    private void SetTimer(long tick)
    {
        _timerTick = tick;

        // Whole milliseconds, rounded up: a timer that rings too early would have to be set again at once.
        var delay = tick == long.MaxValue
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(((Resolution * tick) - Now).TotalMilliseconds)));
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Link(DeadlineEntry entry)
    {
        var slot = (int)(entry.DueTick % Slots);
        entry.Slot = slot;
        entry.Previous = null;
        entry.Next = _slots[slot];
        entry.Next?.Previous = entry;
        _slots[slot] = entry;
        _occupied[slot / 64] |= 1UL << (slot % 64);
        Count++;
    }

    private void Unlink(DeadlineEntry entry)
    {
        if (entry.Slot < 0)
        {
            return;
        }

        if (entry.Previous is null)
        {
            _slots[entry.Slot] = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        entry.Next?.Previous = entry.Previous;
        if (_slots[entry.Slot] is null)
        {
            _occupied[entry.Slot / 64] &= ~(1UL << (entry.Slot % 64));
        }

        entry.Previous = null;
        entry.Next = null;
        entry.Slot = -1;
        Count--;
    }
}
