using System.Runtime.InteropServices;
using Parley.Stun;

namespace Parley.Turn.Hosting.Streams;

/// <summary>How many connections there may be, in all and from one address (IPv4 address or IPv6 /64). Any thread.</summary>
internal sealed class StreamAdmission(int max, int maxPerAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkAddress, int> _byAddress = [];

    /// <summary>Connections now.</summary>
    public int Count { get; private set; }

    /// <summary>Connections turned away.</summary>
    public long Refused { get; private set; }

    public bool TryEnter(in NetworkAddress address)
    {
        lock (_lock)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, Prefix(address), out _);
            if (Count >= max || count >= maxPerAddress)
            {
                Refused++;
                if (count == 0)
                {
                    _byAddress.Remove(Prefix(address));
                }

                return false;
            }

            count++;
            Count++;
            return true;
        }
    }

    public void Leave(in NetworkAddress address)
    {
        lock (_lock)
        {
            Count--;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_byAddress, Prefix(address)) == 0)
            {
                _byAddress.Remove(Prefix(address));
            }
        }
    }

    private static NetworkAddress Prefix(in NetworkAddress address) =>
        address.Family == AddressFamily.IPv6 ? NetworkAddress.FromIPv6(address.High, 0) : address;
}
