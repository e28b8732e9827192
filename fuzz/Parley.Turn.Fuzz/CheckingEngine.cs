using Parley.Stun;

namespace Parley.Turn.Fuzz;

/// <summary>An engine without sockets that opens what it is asked for, or not, and checks all that comes out of a shard.</summary>
internal sealed class CheckingEngine(TurnShard shard, FiveTuple[] clients)
{
    private static readonly PeerFilter Filter = new(new TurnSettings { RelayAddressIPv4 = NetworkAddress.Parse("44.0.0.1"), RelayAddressIPv6 = NetworkAddress.Parse("2a00::44") });

    private readonly Queue<RelayRequest> _requests = new();
    private readonly HashSet<(AllocationId, AddressFamily)> _open = [];
    private readonly Dictionary<ulong, ushort> _reserved = [];
    private readonly AllocationId[] _allocations = new AllocationId[clients.Length];
    private Instant _now = new(TimeSpan.FromDays(1).Ticks);
    private ushort _nextPort = 50_000;
    private int _replies;

    /// <summary>What the next relays meet: below 200 they open, below 230 they fail, else they wait.</summary>
    public byte Answer { get; set; }

    public byte[] LastNonce { get; private set; } = [];

    public void Receive(int client, byte[] message)
    {
        var isRequest = StunMessage.TryParse(message, out var request) && request.Class == StunClass.Request;
        _replies = 0;
        var sink = new Sink(this, isRequest ? client : -1);
        shard.ReceiveFromClient(clients[client], message, _now, ref sink);
        Require.That(_replies <= (isRequest ? 1 : 0), "A request has more than one reply, or something that is no request has one.");
        Settle();
        if (shard.TryFindAllocation(clients[client], _now, out var allocation))
        {
            _allocations[client] = allocation;
        }
    }

    public void ReceiveFromPeer(int client, TransportAddress peer, ReadOnlySpan<byte> data)
    {
        var buffer = new byte[TurnShard.Headroom + data.Length + TurnShard.Tailroom];
        data.CopyTo(buffer.AsSpan(TurnShard.Headroom));
        var sink = new Sink(this, -1);
        shard.ReceiveFromPeer(_allocations[client], new PeerAddress(peer), buffer, data.Length, _now, ref sink);
        shard.ReceiveIcmp(_allocations[client], new PeerAddress(peer), 3, 4, 1200, _now, ref sink);
        Settle();
    }

    public void Advance(TimeSpan duration)
    {
        _now += duration;
        var sink = new Sink(this, -1);
        shard.Tick(_now, ref sink);
        Require.That(shard.NextDeadline > _now, "A deadline is left behind after a tick.");
        Settle();
    }

    public void GiveEverythingBack()
    {
        Answer = 255;
        Settle();
        var sink = new Sink(this, -1);
        shard.Close(ref sink);
        foreach (var request in _requests)
        {
            shard.RelayFailed(request, _now, ref sink);
        }

        Require.That(_open.Count == 0, "A relay is left open.");
        Require.That(_reserved.Count == 0, "A reserved socket is left open.");
        Require.That(shard.AllocationCount == 0 && shard.NextDeadline == Instant.Never, "An allocation or a deadline is left.");
    }

    private void Settle()
    {
        for (var i = _requests.Count; i > 0 && Answer < 230; i--)
        {
            var request = _requests.Dequeue();
            var sink = new Sink(this, -1);
            var reserved = request.Port == RelayPort.Reserved;
            Require.That(!reserved || _reserved.ContainsKey(request.ReservationToken), "A reservation is claimed that does not exist.");
            if (Answer >= 200)
            {
                _reserved.Remove(reserved ? request.ReservationToken : 0);
                shard.RelayFailed(request, _now, ref sink);
                continue;
            }

            _nextPort = _nextPort >= 50_012 ? (ushort)50_000 : (ushort)(_nextPort + 2);
            var port = reserved && _reserved.Remove(request.ReservationToken, out var kept) ? kept : _nextPort;
            if (request.Port == RelayPort.EvenAndNext)
            {
                _reserved.Add(request.ReservationToken, (ushort)(port + 1));
            }

            Require.That(_open.Add((request.Allocation, request.Family)), "A relay is opened twice.");
            var address = request.Family == AddressFamily.IPv4 ? "44.0.0.1" : "2a00::44";
            shard.RelayOpened(request, new(new TransportAddress(NetworkAddress.Parse(address), port)), _now, ref sink);
        }
    }

    private readonly struct Sink(CheckingEngine engine, int requester) : ITurnSink
    {
        public void Send(in FiveTuple client, scoped ReadOnlySpan<byte> message)
        {
            var known = client == engine.ClientAt(0) || client == engine.ClientAt(1);
            Require.That(known, "A message goes to somebody unknown.");
            if (ChannelData.CanBegin(message[0]))
            {
                Require.That(ChannelData.TryParse(message, out _, out _), "ChannelData is cut short.");
                Require.That(client.Protocol == TransportProtocol.Udp || message.Length % 4 == 0, "ChannelData on a stream is not padded.");
                return;
            }

            Require.That(StunMessage.TryParse(message, out var stun), "A message is malformed.");
            Require.That(stun.Class != StunClass.Request, "A server asks nothing.");
            if (stun.Class != StunClass.Indication && requester >= 0)
            {
                Require.That(client == engine.ClientAt(requester), "A reply goes to another client.");
                engine._replies++;
            }

            if (stun.TryGet(StunAttributeType.Nonce, out var nonce))
            {
                engine.LastNonce = nonce.ToArray();
            }
        }

        public void RelayToPeer(AllocationId allocation, in PeerAddress peer, scoped ReadOnlySpan<byte> data, bool dontFragment)
        {
            Require.That(engine._open.Contains((allocation, peer.Family)), "Data goes out of a relay that is not open.");
            Require.That(Filter.Allows(peer.Value.Address), $"Data goes to {peer}, which the filter forbids.");
        }

        public void HandOver(in HandOverTarget target, in PeerAddress source, scoped ReadOnlySpan<byte> data) => Require.That(false, "There is only one shard.");

        public void OpenRelay(in RelayRequest request) => engine._requests.Enqueue(request);

        public void CloseRelay(AllocationId allocation, AddressFamily family) => Require.That(engine._open.Remove((allocation, family)), "A relay is closed that is not open.");

        public void ReleaseReservation(ulong token) => engine._reserved.Remove(token);
    }

    private FiveTuple ClientAt(int index) => clients[index];
}
