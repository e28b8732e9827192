using Parley.Stun;

namespace Parley.Turn;

internal enum QuotaResult
{
    Granted,
    UserLimit,
    AddressLimit,
    TotalLimit,
}

/// <summary>Counts allocations, and ports reserved for one, per user, per client address and overall. Counts that reach zero leave nothing behind.</summary>
internal sealed class AllocationQuota(TurnSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _perUser = new(StringComparer.Ordinal);
    private readonly Dictionary<NetworkAddress, int> _perAddress = [];
    private int _total;

    /// <summary>Allocations and reservations that count now, and the entries that count them.</summary>
    public (int Total, int Users, int Addresses) Snapshot()
    {
        lock (_lock)
        {
            return (_total, _perUser.Count, _perAddress.Count);
        }
    }

    public QuotaResult TryTake(QuotaHolder holder)
    {
        lock (_lock)
        {
            var user = _perUser.GetValueOrDefault(holder.User);
            var address = _perAddress.GetValueOrDefault(holder.Prefix);
            if (user >= settings.MaxAllocationsPerUser)
            {
                return QuotaResult.UserLimit;
            }

            if (address >= settings.MaxAllocationsPerClientAddress)
            {
                return QuotaResult.AddressLimit;
            }

            if (_total >= settings.MaxAllocations)
            {
                return QuotaResult.TotalLimit;
            }

            _perUser[holder.User] = user + 1;
            _perAddress[holder.Prefix] = address + 1;
            _total++;
            return QuotaResult.Granted;
        }
    }

    public void Release(QuotaHolder holder)
    {
        lock (_lock)
        {
            Decrement(_perUser, holder.User);
            Decrement(_perAddress, holder.Prefix);
            _total--;
        }
    }

    private static void Decrement<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        var left = counts[key] - 1;
        if (left == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = left;
        }
    }
}

/// <summary>Whom an allocation counts against: a user, and an IPv4 address or IPv6 /64.</summary>
internal readonly record struct QuotaHolder(string User, NetworkAddress Prefix)
{
    public static NetworkAddress PrefixOf(in NetworkAddress address) =>
        address.Family == AddressFamily.IPv6 ? NetworkAddress.FromIPv6(address.High, 0) : address;
}
