using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>
/// A shard with a clock that stands until it is moved, a recording sink, and an engine that opens every relay it is asked for
/// at the lowest port that fits, unless told otherwise.
/// </summary>
internal sealed class TurnHarness
{
    public static readonly NetworkAddress RelayIPv4 = NetworkAddress.Parse("198.51.100.1");
    public static readonly NetworkAddress RelayIPv6 = NetworkAddress.Parse("2001:db8:ffff::1");
    public static readonly DateTimeOffset Epoch = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    public const string Secret = "the secret of this test";

    private static readonly byte[] Seed = new byte[32];

    private readonly List<Output> _outputs = [];
    private readonly Dictionary<ulong, (AddressFamily Family, ushort Port)> _reserved = [];
    private readonly HashSet<(AddressFamily, ushort)> _usedPorts = [];
    private readonly Dictionary<(AllocationId, AddressFamily), ushort> _open = [];

    public TurnHarness(TurnSettings? settings = null)
        : this(new TurnRegistry(settings ?? DefaultSettings, new byte[32]))
    {
    }

    /// <summary>A further shard of a server.</summary>
    public TurnHarness(TurnRegistry registry)
    {
        Registry = registry;
        Shard = registry.CreateShard(Seed);
        Shard.SetWallClock(Now, Epoch);
    }

    /// <summary>A further shard of a server whose engine shares ports and reserved sockets with the first one's.</summary>
    public TurnHarness(TurnHarness sibling)
        : this(sibling.Registry)
    {
        _reserved = sibling._reserved;
        _usedPorts = sibling._usedPorts;
    }

    /// <summary>Documentation addresses stand for public ones in all tests but those of the filter.</summary>
    public static TurnSettings DefaultSettings { get; } = new()
    {
        Secrets = [Secret],
        Users = new Dictionary<string, string> { ["alice"] = "wonderland" },
        RelayAddressIPv4 = RelayIPv4,
        RelayAddressIPv6 = RelayIPv6,
        AllowedPeers = [IpPrefix.Parse("203.0.113.0/24"), IpPrefix.Parse("192.0.2.0/24"), IpPrefix.Parse("2001:db8::/32")],
        DontFragmentSupported = true,
    };

    public TurnRegistry Registry { get; }

    public TurnShard Shard { get; }

    public Instant Now { get; set; } = new(TimeSpan.FromHours(5).Ticks);

    public DateTimeOffset WallClock => Epoch + (Now - new Instant(TimeSpan.FromHours(5).Ticks));

    /// <summary>What the engine says to requests; null opens what is asked for.</summary>
    public Func<RelayRequest, EngineAnswer>? Engine { get; set; }

    public int OpenRelays => _open.Count;

    public int ReservedPorts => _reserved.Count;

    public List<Output> Receive(in FiveTuple client, ReadOnlySpan<byte> message)
    {
        var sink = new RecordingSink(_outputs);
        Shard.ReceiveFromClient(client, message.ToArray(), Now, ref sink);
        return Settle();
    }

    public List<Output> ReceiveFromPeer(AllocationId allocation, string peer, ReadOnlySpan<byte> data) =>
        ReceiveFromPeer(allocation, new PeerAddress(TransportAddress.Parse(peer)), data);

    public List<Output> ReceiveFromPeer(AllocationId allocation, in PeerAddress peer, ReadOnlySpan<byte> data)
    {
        // What lies around the data is not zero, as in a buffer that is used again and again.
        var buffer = new byte[TurnShard.Headroom + data.Length + TurnShard.Tailroom];
        buffer.AsSpan().Fill(0xEE);
        data.CopyTo(buffer.AsSpan(TurnShard.Headroom));
        var sink = new RecordingSink(_outputs);
        Shard.ReceiveFromPeer(allocation, peer, buffer, data.Length, Now, ref sink);
        return Settle();
    }

    public List<Output> Do(Action<TurnShard, RecordingSink> action)
    {
        action(Shard, new RecordingSink(_outputs));
        return Settle();
    }

    /// <summary>Moves the clock and ticks once at the end.</summary>
    public List<Output> Advance(TimeSpan duration)
    {
        Now += duration;
        var sink = new RecordingSink(_outputs);
        Shard.Tick(Now, ref sink);
        return Settle();
    }

    /// <summary>Moves the clock without a tick, as when the engine is late.</summary>
    public void Sleep(TimeSpan duration) => Now += duration;

    private List<Output> Settle()
    {
        for (var i = 0; i < _outputs.Count; i++)
        {
            switch (_outputs[i])
            {
                case Output.RelayWanted { Request: var request }:
                    Answer(request);
                    break;
                case Output.RelayClosed { Allocation: var allocation, Family: var family }:
                    Assert.True(_open.Remove((allocation, family), out var port), "A relay was closed that is not open.");
                    _usedPorts.Remove((family, port));
                    break;
                case Output.ReservationReleased { Token: var token }:
                    if (_reserved.Remove(token, out var reserved))
                    {
                        _usedPorts.Remove(reserved);
                    }

                    break;
            }
        }

        List<Output> result = [.. _outputs];
        _outputs.Clear();
        return result;
    }

    private void Answer(in RelayRequest request)
    {
        switch (Engine?.Invoke(request) ?? EngineAnswer.Open)
        {
            case EngineAnswer.Fail:
                Fail(request);
                return;
            case EngineAnswer.Wait:
                Waiting.Add(request);
                return;
        }

        Open(request);
    }

    /// <summary>Requests that the engine has not answered yet.</summary>
    public List<RelayRequest> Waiting { get; } = [];

    /// <summary>Answers a request that waited.</summary>
    public List<Output> AnswerLate(RelayRequest request, bool open)
    {
        Waiting.Remove(request);
        if (open)
        {
            Open(request);
        }
        else
        {
            Fail(request);
        }

        return Settle();
    }

    private void Fail(in RelayRequest request)
    {
        if (request.Port == RelayPort.Reserved && _reserved.Remove(request.ReservationToken, out var reserved))
        {
            _usedPorts.Remove(reserved);
        }

        var sink = new RecordingSink(_outputs);
        Shard.RelayFailed(request, Now, ref sink);
    }

    private void Open(in RelayRequest request)
    {
        ushort port;
        if (request.Port == RelayPort.Reserved)
        {
            Assert.True(_reserved.Remove(request.ReservationToken, out var reserved));
            Assert.Equal(request.Family, reserved.Family);
            port = reserved.Port;
        }
        else
        {
            port = FindPort(request);
            _usedPorts.Add((request.Family, port));
            if (request.Port == RelayPort.EvenAndNext)
            {
                _usedPorts.Add((request.Family, (ushort)(port + 1)));
                _reserved.Add(request.ReservationToken, (request.Family, (ushort)(port + 1)));
            }
        }

        _open.Add((request.Allocation, request.Family), port);
        var sink = new RecordingSink(_outputs);
        Shard.RelayOpened(request, RelayedAddress(request.Family, port), Now, ref sink);
    }

    /// <summary>Answers a request that waited, with a port of the test's choice.</summary>
    public List<Output> OpenLate(RelayRequest request, ushort port)
    {
        _open.Add((request.Allocation, request.Family), port);
        return Do((shard, sink) => shard.RelayOpened(request, RelayedAddress(request.Family, port), Now, ref sink));
    }

    public static RelayedTransportAddress RelayedAddress(AddressFamily family, ushort port) =>
        new(new TransportAddress(family == AddressFamily.IPv4 ? RelayIPv4 : RelayIPv6, port));

    private ushort FindPort(RelayRequest request)
    {
        for (var port = 49152; port < 65535; port++)
        {
            if (!_usedPorts.Contains((request.Family, (ushort)port)) &&
                (request.Port == RelayPort.Any || port % 2 == 0) &&
                (request.Port != RelayPort.EvenAndNext || !_usedPorts.Contains((request.Family, (ushort)(port + 1)))))
            {
                return (ushort)port;
            }
        }

        throw new InvalidOperationException("The test used all ports.");
    }
}

internal enum EngineAnswer
{
    Open,
    Fail,
    Wait,
}
