using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>
/// Checklist item 11: quotas survive every way out. Many clients do at random what clients do, on two shards, with an engine
/// that opens, refuses, or makes them wait; then everybody goes, each in some way, and nothing may be left: no allocation, count,
/// port, reservation or deadline.
/// </summary>
public sealed class RandomSessionTests
{
    private static readonly string[] Peers = ["203.0.113.77:5000", "203.0.113.77:5001", "203.0.113.78:5000", "[2001:db8::77]:5000", "198.51.100.1:49152", "198.51.100.1:49153", "10.0.0.1:1", "[2001:db8:ffff::1]:49152"];

    [Theory]
    [InlineData(0, 150)]
    [InlineData(1000, 150)]
    [InlineData(2000, 150)]
    [InlineData(3000, 150)]
    public void After_random_sessions_everything_is_given_back(int firstSeed, int seeds)
    {
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            try
            {
                new Session(seed).Run();
            }
            catch (Exception ex)
            {
                throw new InvalidOperationException($"Seed {seed}: {ex.Message}", ex);
            }
        }
    }

    private sealed class Session
    {
        private readonly Random _random;
        private readonly TurnHarness[] _shards;
        private readonly List<(TurnHarness Shard, TurnClient Client)> _clients = [];
        private readonly List<ulong> _tokens = [];

        public Session(int seed)
        {
            _random = new Random(seed);
            var first = new TurnHarness(new TurnSettings
            {
                Secrets = [TurnHarness.Secret],
                Users = TurnHarness.DefaultSettings.Users,
                RelayAddressIPv4 = TurnHarness.RelayIPv4,
                RelayAddressIPv6 = TurnHarness.RelayIPv6,
                AllowedPeers = TurnHarness.DefaultSettings.AllowedPeers,
                MaxAllocationsPerUser = 4,
                MaxAllocationsPerClientAddress = 6,
                MaxAllocations = 12,
                MaxPermissions = 3,
                MaxChannels = 2,
                MaxUnauthenticatedRepliesPerSecond = 0,
            });
            _shards = [first, new TurnHarness(first)];
            foreach (var shard in _shards)
            {
                shard.Engine = _ => (EngineAnswer)_random.Next(5) is var answer && answer > EngineAnswer.Wait ? EngineAnswer.Open : answer;
            }

            for (var i = 0; i < 16; i++)
            {
                var shard = _shards[i % 2];
                var client = i % 3 == 0
                    ? new TurnClient(shard, $"203.0.113.{1 + (i % 3)}:{i + 1}", (TransportProtocol)_random.Next(3))
                    : TurnClient.WithTimeLimitedCredential(shard, $"user-{i % 4}", TimeSpan.FromHours(_random.Next(1, 3)), $"203.0.113.{1 + (i % 3)}:{i + 1}");
                _clients.Add((shard, client));
            }
        }

        public void Run()
        {
            for (var step = 0; step < 120; step++)
            {
                Step();
                CheckCounts();
            }

            Leave();
            Assert.Equal(default, _shards[0].Registry.TakeInventory() with { Revocations = 0 });
            foreach (var shard in _shards)
            {
                Assert.Equal(0, shard.Shard.AllocationCount);
                Assert.Equal(0, shard.OpenRelays);
                Assert.Equal(0, shard.ReservedPorts);
                Assert.Equal(Instant.Never, shard.Shard.NextDeadline);
            }
        }

        private void Step()
        {
            var (shard, client) = _clients[_random.Next(_clients.Count)];
            var peer = Peers[_random.Next(Peers.Length)];
            switch (_random.Next(14))
            {
                case 0 or 1 or 2:
                    Allocate(client);
                    break;
                case 3:
                    client.RequestOutputs(StunMethod.Refresh, (ref StunWriter writer) =>
                    {
                        writer.AddUInt32(StunAttributeType.Lifetime, _random.Next(3) == 0 ? 0 : (uint)_random.Next(4000));
                        if (_random.Next(3) == 0)
                        {
                            writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, (AddressFamily)_random.Next(4));
                        }
                    });
                    break;
                case 4 or 5:
                    client.RequestOutputs(StunMethod.CreatePermission, TurnClient.Peers(peer));
                    break;
                case 6 or 7:
                    client.RequestOutputs(StunMethod.ChannelBind, (ref StunWriter writer) =>
                    {
                        writer.AddChannelNumber((ushort)(0x4000 + _random.Next(4)));
                        writer.AddXorAddress(StunAttributeType.XorPeerAddress, TransportAddress.Parse(peer));
                    });
                    break;
                case 8:
                    client.SendChannelData((ushort)(0x4000 + _random.Next(4)), new byte[_random.Next(50)]);
                    break;
                case 9:
                    client.SendIndication(peer, new byte[_random.Next(50)]);
                    break;
                case 10 when client.HasAllocation:
                    shard.ReceiveFromPeer(client.Allocation, peer, new byte[_random.Next(50)]);
                    break;
                case 11:
                    var duration = TimeSpan.FromSeconds(_random.Next(4) == 0 ? _random.Next(700) : _random.Next(30));
                    foreach (var each in _shards)
                    {
                        each.Sleep(duration);
                        if (_random.Next(2) == 0)
                        {
                            each.Advance(TimeSpan.Zero);
                        }
                    }

                    client.Nonce = [];
                    break;
                case 12:
                    AnswerWaiting(shard);
                    break;
                case 13:
                    End(shard, client, _random.Next(6));
                    break;
            }
        }

        private void Allocate(TurnClient client)
        {
            var (kind, token) = (_random.Next(8), _tokens.Count > 0 ? _tokens[_random.Next(_tokens.Count)] : 5);
            var outputs = client.AllocateOutputs((ref StunWriter writer) =>
            {
                switch (kind)
                {
                    case 0:
                        writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6);
                        break;
                    case 1:
                        writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv6);
                        break;
                    case 2:
                        writer.AddEvenPort(reserveNext: false);
                        break;
                    case 3 or 4:
                        writer.AddEvenPort(reserveNext: true);
                        break;
                    case 5 or 6:
                        writer.AddReservationToken(token);
                        break;
                }
            });
            foreach (var sent in outputs.OfType<Output.Sent>())
            {
                if (new Reply(sent.Bytes).Message.TryGetReservationToken(out var granted))
                {
                    _tokens.Add(granted);
                }
            }
        }

        private void AnswerWaiting(TurnHarness shard)
        {
            if (shard.Waiting.Count > 0)
            {
                var request = shard.Waiting[_random.Next(shard.Waiting.Count)];
                shard.AnswerLate(request, open: _random.Next(3) > 0);
            }
        }

        private void End(TurnHarness shard, TurnClient client, int way)
        {
            switch (way)
            {
                case 0:
                    shard.Do((core, sink) => core.ClientGone(client.Tuple, ref sink));
                    break;
                case 1:
                    foreach (var each in _shards)
                    {
                        each.Do((core, sink) => core.Revoke($"user-{_random.Next(4)}", each.WallClock.AddHours(2), each.Now, ref sink));
                    }

                    break;
                case 2 when client.HasAllocation:
                    shard.Do((core, sink) => core.RelayLost(client.Allocation, (AddressFamily)_random.Next(1, 3), shard.Now, ref sink));
                    break;
                case 3:
                    client.Nonce = [];
                    client.RequestOutputs(StunMethod.Refresh, static (ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 0));
                    break;
            }
        }

        // At all times the engine's sockets, the directory and the quota agree.
        private void CheckCounts()
        {
            var inventory = _shards[0].Registry.TakeInventory();
            Assert.Equal(_shards.Sum(shard => shard.OpenRelays), inventory.RelayedPorts);
            Assert.Equal(_shards.Sum(shard => shard.Shard.AllocationCount) + inventory.Reservations, inventory.Allocations);
            Assert.InRange(inventory.Allocations, 0, 12);
            var beingClaimed = _shards.Sum(shard => shard.Waiting.Count(request => request.Port == RelayPort.Reserved));
            Assert.InRange(_shards[0].ReservedPorts, 0, inventory.Reservations + beingClaimed);
        }

        private void Leave()
        {
            foreach (var (shard, client) in _clients)
            {
                End(shard, client, _random.Next(6));
            }

            foreach (var shard in _shards)
            {
                while (shard.Waiting.Count > 0)
                {
                    AnswerWaiting(shard);
                }

                if (_random.Next(3) == 0)
                {
                    shard.Do((core, sink) => core.Close(ref sink));
                }
            }

            foreach (var shard in _shards)
            {
                shard.Advance(TimeSpan.FromHours(2));
            }
        }
    }
}
