using Parley.Stun;

namespace Parley.Turn;

/// <summary>A port kept for a later allocation, and whom it counts against.</summary>
internal readonly record struct Reservation(AddressFamily Family, QuotaHolder Holder, Instant Expires);

/// <summary>
/// Ports reserved by EVEN-PORT, for any shard to claim. RFC 8656 section 7.2. Whoever removes an entry owns what follows from
/// it: the claimer gets the socket, the shard that made the reservation closes it.
/// </summary>
internal sealed class Reservations
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Reservation> _byToken = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byToken.Count;
            }
        }
    }

    /// <summary>Adds a reservation, or sets when it expires.</summary>
    public void Set(ulong token, in Reservation reservation)
    {
        lock (_lock)
        {
            _byToken[token] = reservation;
        }
    }

    public bool TryGet(ulong token, Instant now, out Reservation reservation)
    {
        lock (_lock)
        {
            return _byToken.TryGetValue(token, out reservation) && now < reservation.Expires;
        }
    }

    public bool TryRemove(ulong token, out Reservation reservation)
    {
        lock (_lock)
        {
            return _byToken.Remove(token, out reservation);
        }
    }
}
