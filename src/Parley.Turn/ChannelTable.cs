using Parley.Stun;

namespace Parley.Turn;

/// <summary>Why a channel cannot be bound.</summary>
internal enum ChannelBindResult
{
    Bound,
    Conflict,
    Full,
}

/// <summary>The channel bindings of an allocation, each unique by number and by peer. RFC 8656 section 12. Searched as <see cref="PermissionTable"/> is.</summary>
internal struct ChannelTable
{
    private Entry[]? _entries;
    private int _count;
    private int _lastByNumber;
    private int _lastByPeer;

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

    /// <summary>The peer that a channel is bound to now.</summary>
    public bool TryFind(ushort channel, Instant now, out PeerAddress peer)
    {
        var index = IndexOf(channel);
        var found = index >= 0 && now < _entries![index].Expires;
        peer = found ? _entries![index].Peer : default;
        return found;
    }

    /// <summary>The channel that is bound to a peer now; 0 if none is.</summary>
    public ushort Find(in PeerAddress peer, Instant now)
    {
        var index = IndexOf(peer);
        return index >= 0 && now < _entries![index].Expires ? _entries[index].Number : (ushort)0;
    }

    /// <summary>Whether <see cref="Bind"/> would succeed.</summary>
    public ChannelBindResult Check(ushort channel, in PeerAddress peer, Instant now, int max)
    {
        if ((TryFind(channel, now, out var bound) && bound != peer) || (Find(peer, now) is var other && other != 0 && other != channel))
        {
            return ChannelBindResult.Conflict;
        }

        RemoveExpired(now);
        return _count < max || IndexOf(channel) >= 0 ? ChannelBindResult.Bound : ChannelBindResult.Full;
    }

    /// <summary>Binds or refreshes what <see cref="Check"/> has let pass.</summary>
    public void Bind(ushort channel, in PeerAddress peer, Instant expires, int max)
    {
        var index = IndexOf(channel);
        if (index < 0)
        {
            _entries ??= new Entry[2];
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Min(max, 2 * _count));
            }

            index = _count++;
        }

        _entries![index] = new Entry(channel, peer, expires);
    }

    /// <summary>Removes what has expired.</summary>
    public void RemoveExpired(Instant now) => Remove(AddressFamily.None, now);

    /// <summary>Removes the bindings to peers of a family.</summary>
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

    private int IndexOf(ushort channel)
    {
        if (_lastByNumber < _count && _entries![_lastByNumber].Number == channel)
        {
            return _lastByNumber;
        }

        for (var i = 0; i < _count; i++)
        {
            if (_entries![i].Number == channel)
            {
                return _lastByNumber = i;
            }
        }

        return -1;
    }

    private int IndexOf(in PeerAddress peer)
    {
        if (_lastByPeer < _count && _entries![_lastByPeer].Peer.Value.Equals(peer.Value))
        {
            return _lastByPeer;
        }

        for (var i = 0; i < _count; i++)
        {
            if (_entries![i].Peer.Value.Equals(peer.Value))
            {
                return _lastByPeer = i;
            }
        }

        return -1;
    }

    private readonly record struct Entry(ushort Number, PeerAddress Peer, Instant Expires);
}
