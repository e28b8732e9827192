using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// Which allocation owns which relayed port. Written when a relay opens or closes, read for every datagram that one allocation
/// sends to another, from any shard and without a lock: an entry is one 64-bit word.
/// </summary>
internal sealed class RelayDirectory
{
    // Word: 12 bits of shard, 20 bits of index, 32 bits of generation; 0 is nobody, since no generation is 0.
    public const int MaxShards = 1 << 12;
    public const int MaxIndex = 1 << 20;

    private readonly TurnSettings _settings;
    private readonly ulong[] _ipv4;
    private readonly ulong[] _ipv6;
    private int _count;

    public RelayDirectory(TurnSettings settings)
    {
        _settings = settings;
        var ports = settings.RelayPortMax - settings.RelayPortMin + 1;
        _ipv4 = settings.RelayAddressIPv4 is null ? [] : new ulong[ports];
        _ipv6 = settings.RelayAddressIPv6 is null ? [] : new ulong[ports];
    }

    /// <summary>Whether an address is one that this server's relayed addresses have.</summary>
    public bool IsRelayAddress(in NetworkAddress address) => address == RelayAddress(address.Family);

    /// <summary>Whether a port is one that a relay socket can have.</summary>
    public bool IsRelayPort(ushort port) => port >= _settings.RelayPortMin && port <= _settings.RelayPortMax;

    public void Add(in RelayedTransportAddress address, in HandOverTarget owner) =>
        Set(address, ((ulong)(uint)owner.Shard << 52) | ((ulong)(uint)owner.Allocation.Index << 32) | owner.Allocation.Generation);

    public void Remove(in RelayedTransportAddress address) => Set(address, 0);

    /// <summary>The allocation that owns a relayed address now.</summary>
    public bool TryFind(in PeerAddress peer, out HandOverTarget owner)
    {
        var word = IsRelayAddress(peer.Value.Address) && IsRelayPort(peer.Value.Port)
            ? Volatile.Read(ref Ports(peer.Family)[peer.Value.Port - _settings.RelayPortMin])
            : 0;
        owner = new HandOverTarget((int)(word >> 52), new AllocationId((int)(word >> 32) & (MaxIndex - 1), (uint)word));
        return word != 0;
    }

    /// <summary>Relayed ports that have an owner.</summary>
    public int Count => Volatile.Read(ref _count);

    private NetworkAddress RelayAddress(AddressFamily family) =>
        (family == AddressFamily.IPv4 ? _settings.RelayAddressIPv4 : _settings.RelayAddressIPv6) ?? default;

    private ulong[] Ports(AddressFamily family) => family == AddressFamily.IPv4 ? _ipv4 : _ipv6;

    // An engine may open a relay elsewhere, as tests do; nothing is handed over to such a one.
    private void Set(in RelayedTransportAddress address, ulong word)
    {
        if (IsRelayAddress(address.Value.Address) && IsRelayPort(address.Value.Port))
        {
            var before = Interlocked.Exchange(ref Ports(address.Family)[address.Value.Port - _settings.RelayPortMin], word);
            Interlocked.Add(ref _count, (word == 0 ? 0 : 1) - (before == 0 ? 0 : 1));
        }
    }
}
