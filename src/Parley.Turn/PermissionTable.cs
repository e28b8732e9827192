using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// The permissions of an allocation: per peer IP address, no port. RFC 8656 section 9. A short array searched from the entry
/// that was found last: calls have one to a few peers, and the cap keeps the worst case short.
/// </summary>
internal struct PermissionTable
{
    private Entry[]? _entries;
    private int _count;
    private int _last;

    public readonly int Count => _count;

    /// <summary>The earliest expiry.</summary>
    public readonly Instant NextDeadline
    {
        get
        {
            var next = Instant.Never;
            for (var i = 0; i < _count; i++)
            {
                next = _entries![i].Expires < next ? _entries[i].Expires : next;
            }

            return next;
        }
    }

    /// <summary>Whether a peer's data may pass now.</summary>
    public bool Permits(in NetworkAddress peer, Instant now)
    {
        var index = IndexOf(peer);
        return index >= 0 && now < _entries![index].Expires;
    }

    /// <summary>Installs or refreshes; false if the table is full of live entries. <paramref name="isNew"/> tells whether the peer was not permitted before.</summary>
    public bool TrySet(in NetworkAddress peer, Instant now, Instant expires, int max, out bool isNew)
    {
        var index = IndexOf(peer);
        isNew = index < 0 || _entries![index].Expires <= now;
        if (index < 0)
        {
            if (_count >= max && !RemoveExpired(now))
            {
                return false;
            }

            _entries ??= new Entry[4];
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Min(max, 2 * _count));
            }

            index = _count++;
        }

        _entries![index] = new Entry(peer, expires);
        return true;
    }

    /// <summary>How many more peers fit.</summary>
    public int Room(Instant now, int max)
    {
        RemoveExpired(now);
        return max - _count;
    }

    /// <summary>Whether a peer has an entry, dead or alive.</summary>
    public bool Contains(in NetworkAddress peer) => IndexOf(peer) >= 0;

    /// <summary>Removes what has expired; true if anything had.</summary>
    public bool RemoveExpired(Instant now) => Remove(AddressFamily.None, now);

    /// <summary>Removes the entries of a family.</summary>
    public void Remove(AddressFamily family) => Remove(family, default);

    /// <summary>The entry at a place below <see cref="Count"/>.</summary>
    public readonly NetworkAddress this[int index] => _entries![index].Peer;

    private bool Remove(AddressFamily family, Instant now)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_entries![i].Peer.Family != family && (family != AddressFamily.None || now < _entries[i].Expires))
            {
                _entries[kept++] = _entries[i];
            }
        }

        var removed = kept != _count;
        _count = kept;
        return removed;
    }

    private int IndexOf(in NetworkAddress peer)
    {
        if (_last < _count && _entries![_last].Peer.Equals(peer))
        {
            return _last;
        }

        for (var i = 0; i < _count; i++)
        {
            if (_entries![i].Peer.Equals(peer))
            {
                return _last = i;
            }
        }

        return -1;
    }

    private readonly record struct Entry(NetworkAddress Peer, Instant Expires);
}
