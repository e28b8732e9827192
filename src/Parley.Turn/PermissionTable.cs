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

    /// <summary>Installs or refreshes. Those who are new have <see cref="Room"/>.</summary>
    public void Set(in NetworkAddress peer, Instant expires, int max)
    {
        var index = IndexOf(peer);
        if (index < 0)
        {
            _entries ??= new Entry[4];
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Min(max, 2 * _count));
            }

            index = _count++;
        }

        _entries![index] = new Entry(peer, expires);
    }

    /// <summary>How many more peers fit.</summary>
    public int Room(Instant now, int max)
    {
        RemoveExpired(now);
        return max - _count;
    }

    /// <summary>Removes what has expired.</summary>
    public void RemoveExpired(Instant now) => Remove(AddressFamily.None, now);

    /// <summary>Removes the entries of a family.</summary>
    public void Remove(AddressFamily family) => Remove(family, default);

    private void Remove(AddressFamily family, Instant now)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_entries![i].Peer.Family != family && (family != AddressFamily.None || now < _entries[i].Expires))
            {
                _entries[kept++] = _entries[i];
            }
        }

        _count = kept;
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
