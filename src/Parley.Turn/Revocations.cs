using System.Text;

namespace Parley.Turn;

/// <summary>
/// Time-limited credentials taken back before their time. Kept by user and latest expiry, so that a credential minted later for
/// the same user, which expires later, is good; and forgotten once all that an entry covers has expired anyway.
/// </summary>
internal sealed class Revocations
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _throughExpiry = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _throughExpiry.Count;
            }
        }
    }

    /// <summary>Revokes the credentials of a user that expire no later than <paramref name="throughExpiry"/> (Unix seconds).</summary>
    public void Add(string user, long throughExpiry, long unixSeconds)
    {
        lock (_lock)
        {
            foreach (var (other, expiry) in _throughExpiry)
            {
                if (expiry <= unixSeconds)
                {
                    _throughExpiry.Remove(other);
                }
            }

            if (throughExpiry > unixSeconds)
            {
                _throughExpiry[user] = Math.Max(throughExpiry, _throughExpiry.GetValueOrDefault(user));
            }
        }
    }

    public bool IsRevoked(ReadOnlySpan<byte> user, long expiry)
    {
        Span<char> characters = stackalloc char[Stun.LongTermCredential.MaxPartBytes];
        if (!Encoding.UTF8.TryGetChars(user, characters, out var length))
        {
            return true;
        }

        lock (_lock)
        {
            return _throughExpiry.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out var through) && expiry <= through;
        }
    }
}
