using System.Collections.Concurrent;
using Parley.Signaling;

namespace Parley.AspNetCore;

/// <summary>The rooms of one node, in memory: carries commands out one at a time for each room, and lets away seats lapse in time.</summary>
/// <param name="settings">The limits.</param>
/// <param name="time">The clock of the rooms.</param>
/// <param name="deliver">Receives what goes to a connection, while the room is locked, so that it leaves in the order in which it happened.
/// It must not block or call back.</param>
internal sealed class RoomHost(RoomSettings settings, TimeProvider time, Action<string, RoomOutput> deliver) : IDisposable
{
    private readonly ConcurrentDictionary<string, Slot> _rooms = new(StringComparer.Ordinal);

    /// <summary>Carries a command out.</summary>
    /// <param name="name">The room.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="reply">Receives the one output that answers the command, under the same rule as everything delivered.</param>
    public void Apply(string name, RoomCommand command, Action<RoomOutput> reply)
    {
        while (true)
        {
            var slot = _rooms.GetOrAdd(name, static _ => new Slot());
            lock (slot)
            {
                if (slot.Removed)
                {
                    continue;
                }

                (slot.Room, var outputs) = slot.Room.Apply(command, settings, time.GetUtcNow());
                foreach (var output in outputs)
                {
                    if (output is RoomOutput.Joined or RoomOutput.Sent or RoomOutput.Left or RoomOutput.Refused)
                    {
                        reply(output);
                    }
                    else
                    {
                        deliver(name, output);
                    }
                }

                Rearm(name, slot);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _rooms.Values)
        {
            lock (slot)
            {
                slot.Timer?.Dispose();
            }
        }
    }

    private void Rearm(string name, Slot slot)
    {
        if (slot.Room.IsEmpty)
        {
            slot.Removed = true;
            slot.Timer?.Dispose();
            _rooms.TryRemove(name, out _);
            return;
        }

        var deadline = slot.Room.NextDeadline;
        if (deadline == slot.Deadline)
        {
            return;
        }

        slot.Deadline = deadline;
        if (deadline is not { } due)
        {
            slot.Timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // A timer may fire a little early; a tick before its time changes nothing, and arms the rest of the way.
        slot.Timer ??= time.CreateTimer(_ => Tick(name, slot), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var wait = due - time.GetUtcNow();
        slot.Timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Tick(string name, Slot slot)
    {
        lock (slot)
        {
            if (slot.Removed)
            {
                return;
            }

            (slot.Room, var outputs) = slot.Room.Apply(new RoomCommand.Tick(), settings, time.GetUtcNow());
            foreach (var output in outputs)
            {
                deliver(name, output);
            }

            slot.Deadline = null;
            Rearm(name, slot);
        }
    }

    private sealed class Slot
    {
        public Room Room { get; set; } = Room.Empty;

        public bool Removed { get; set; }

        public ITimer? Timer { get; set; }

        public DateTimeOffset? Deadline { get; set; }
    }
}
