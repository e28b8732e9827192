namespace Parley.SocketIo.AspNetCore;

/// <summary>Counts connections and handshakes by address. It remembers an address only as long as that makes a difference.</summary>
internal sealed class AddressLimiter(int maxConnections, int handshakesPerMinute)
{
    private const int SweepFrom = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, Entry> _entries = [];
    private int _sweepAt = SweepFrom;

    private double HandshakesPerSecond => handshakesPerMinute / 60.0;

    /// <summary>Addresses remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Lets a connection in, and counts it until <see cref="Release"/>. Otherwise says which limit is against it.</summary>
    public Admission TryAdmit(AddressKey address, TimeSpan now)
    {
        if (address.IsNone)
        {
            return Admission.Admitted;
        }

        lock (_gate)
        {
            if (!_entries.TryGetValue(address, out var entry))
            {
                Sweep(now);
                entry = new Entry { Handshakes = new TokenBucket(handshakesPerMinute, now) };
                _entries.Add(address, entry);
            }

            if (!entry.Handshakes.TryTake(HandshakesPerSecond, handshakesPerMinute, now))
            {
                return Admission.TooManyHandshakes;
            }

            if (maxConnections > 0 && entry.Connections >= maxConnections)
            {
                return Admission.TooManyFromAddress;
            }

            entry.Connections++;
            return Admission.Admitted;
        }
    }

    /// <summary>A connection that was let in has ended.</summary>
    public void Release(AddressKey address)
    {
        if (address.IsNone)
        {
            return;
        }

        lock (_gate)
        {
            _entries[address].Connections--;
        }
    }

    private void Sweep(TimeSpan now)
    {
        if (_entries.Count < _sweepAt)
        {
            return;
        }

        foreach (var (address, entry) in _entries)
        {
            if (entry.Connections == 0 && (handshakesPerMinute == 0 || entry.Handshakes.IsFull(HandshakesPerSecond, handshakesPerMinute, now)))
            {
                _entries.Remove(address);
            }
        }

        // Twice what is left, so that sweeping costs a constant time for each address on average.
        _sweepAt = Math.Max(SweepFrom, _entries.Count * 2);
    }

    private sealed class Entry
    {
        public TokenBucket Handshakes;
        public int Connections;
    }
}

/// <summary>What the server says to a new connection.</summary>
internal enum Admission
{
    Admitted,
    Closing,
    TooManyConnections,
    TooManyFromAddress,
    TooManyHandshakes,
}
