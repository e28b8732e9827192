using System.Diagnostics.CodeAnalysis;

namespace Parley.Turn;

/// <summary>
/// Deadlines, earliest first, each under a key that has at most one. A deadline that is moved or removed leaves nothing behind,
/// so clients that come and go quickly cannot fill the heap with wakeups for allocations that have ended.
/// </summary>
internal sealed class DeadlineHeap<TKey>
    where TKey : notnull
{
    private readonly List<(Instant Deadline, TKey Key)> _heap = [];
    private readonly Dictionary<TKey, int> _positions = [];

    public int Count => _heap.Count;

    /// <summary>The earliest deadline; <see cref="Instant.Never"/> if there is none.</summary>
    public Instant Next => _heap.Count == 0 ? Instant.Never : _heap[0].Deadline;

    /// <summary>Adds a deadline or moves it.</summary>
    public void Set(TKey key, Instant deadline)
    {
        if (!_positions.TryGetValue(key, out var position))
        {
            position = _heap.Count;
            _heap.Add((deadline, key));
            _positions[key] = position;
        }

        _heap[position] = (deadline, key);
        SiftDown(SiftUp(position));
    }

    public void Remove(TKey key)
    {
        if (!_positions.Remove(key, out var position))
        {
            return;
        }

        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (position < _heap.Count)
        {
            Place(position, last);
            SiftDown(SiftUp(position));
        }
    }

    /// <summary>Takes off the earliest deadline if it has come.</summary>
    public bool TryTakeDue(Instant now, [MaybeNullWhen(false)] out TKey key)
    {
        if (now < Next || _heap.Count == 0)
        {
            key = default;
            return false;
        }

        key = _heap[0].Key;
        Remove(key);
        return true;
    }

    private int SiftUp(int position)
    {
        var entry = _heap[position];
        while (position > 0 && entry.Deadline < _heap[(position - 1) / 2].Deadline)
        {
            Place(position, _heap[(position - 1) / 2]);
            position = (position - 1) / 2;
        }

        Place(position, entry);
        return position;
    }

    private void SiftDown(int position)
    {
        var entry = _heap[position];
        while ((2 * position) + 1 is var child && child < _heap.Count)
        {
            if (child + 1 < _heap.Count && _heap[child + 1].Deadline < _heap[child].Deadline)
            {
                child++;
            }

            if (entry.Deadline <= _heap[child].Deadline)
            {
                break;
            }

            Place(position, _heap[child]);
            position = child;
        }

        Place(position, entry);
    }

    private void Place(int position, in (Instant Deadline, TKey Key) entry)
    {
        _heap[position] = entry;
        _positions[entry.Key] = position;
    }
}
