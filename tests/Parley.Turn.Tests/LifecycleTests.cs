using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>Every way in which an allocation ends, and redirection.</summary>
public sealed class LifecycleTests
{
    private readonly TurnHarness _server = new();

    [Fact]
    public void A_client_whose_stream_ends_loses_its_allocation_at_once()
    {
        var client = new TurnClient(_server, protocol: TransportProtocol.Tcp).Allocated();
        var id = client.Allocation;
        Assert.Equal([new Output.RelayClosed(id, AddressFamily.IPv4)], _server.Do((shard, sink) => shard.ClientGone(client.Tuple, ref sink)));
        Assert.Empty(_server.Do((shard, sink) => shard.ClientGone(client.Tuple, ref sink)));
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
        Assert.Equal(1, _server.Shard.Counters.AllocationsEnded(AllocationEndReason.ClientGone));
    }

    [Fact]
    public void A_client_that_goes_while_its_relay_is_being_opened_leaves_nothing()
    {
        _server.Engine = static _ => EngineAnswer.Wait;
        var client = new TurnClient(_server, protocol: TransportProtocol.Tcp);
        var request = Assert.IsType<Output.RelayWanted>(Assert.Single(client.AllocateOutputs())).Request;
        Assert.Empty(_server.Do((shard, sink) => shard.ClientGone(client.Tuple, ref sink)));
        Assert.Equal([new Output.RelayClosed(request.Allocation, AddressFamily.IPv4)], _server.OpenLate(request, 50000));
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
        Assert.Equal(0, _server.OpenRelays);
    }

    [Fact]
    public void An_unexpected_answer_of_the_engine_changes_nothing()
    {
        var client = new TurnClient(_server).Allocated();
        var id = client.Allocation;
        Assert.Empty(_server.Do((shard, sink) => shard.RelayFailed(new RelayRequest(id, AddressFamily.IPv4, RelayPort.Any, 0), _server.Now, ref sink)));
        Assert.Empty(_server.Do((shard, sink) => shard.RelayFailed(new RelayRequest(new AllocationId(7, 7), AddressFamily.IPv4, RelayPort.Any, 0), _server.Now, ref sink)));
        Assert.True(client.HasAllocation);
    }

    [Fact]
    public void A_broken_relay_socket_ends_its_allocation_or_its_half_of_a_dual_one()
    {
        var single = new TurnClient(_server, "203.0.113.9:1").Allocated();
        Assert.Single(_server.Do((shard, sink) => shard.RelayLost(single.Allocation, AddressFamily.IPv4, _server.Now, ref sink)));
        Assert.False(single.HasAllocation);
        Assert.Equal(1, _server.Shard.Counters.AllocationsEnded(AllocationEndReason.RelayLost));

        var dual = new TurnClient(_server, "203.0.113.9:2").Allocated(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6));
        dual.ChannelBind(0x4000, "[2001:db8::77]:5000");
        _server.Do((shard, sink) => shard.RelayLost(dual.Allocation, AddressFamily.IPv4, _server.Now, ref sink));
        Assert.Single(dual.SendChannelData(0x4000, [1]));
    }

    [Fact]
    public void A_hang_up_frees_every_allocation_of_its_user_at_once_and_the_credential_is_dead()
    {
        var one = TurnClient.WithTimeLimitedCredential(_server, "call-7:seat-1", TimeSpan.FromMinutes(10), "203.0.113.9:1").Allocated();
        var two = TurnClient.WithTimeLimitedCredential(_server, "call-7:seat-1", TimeSpan.FromMinutes(9), "203.0.113.9:2").Allocated();
        var other = TurnClient.WithTimeLimitedCredential(_server, "call-7:seat-2", TimeSpan.FromMinutes(10), "203.0.113.9:3").Allocated();
        var (idOne, idTwo) = (one.Allocation, two.Allocation);

        var outputs = _server.Do((shard, sink) => shard.Revoke("call-7:seat-1", _server.WallClock.AddMinutes(10), _server.Now, ref sink));
        Assert.Equal([new Output.RelayClosed(idOne, AddressFamily.IPv4), new Output.RelayClosed(idTwo, AddressFamily.IPv4)], outputs);
        Assert.True(other.HasAllocation);
        Assert.Equal(1, _server.Registry.TakeInventory().Allocations);
        Assert.Equal(StunErrorCode.Unauthenticated, one.Allocate().ErrorCode);
        Assert.Equal(2, _server.Shard.Counters.AllocationsEnded(AllocationEndReason.Revoked));
    }

    [Fact]
    public void Whoever_comes_back_after_a_hang_up_gets_in_with_a_newer_credential()
    {
        var first = TurnClient.WithTimeLimitedCredential(_server, "u", TimeSpan.FromMinutes(10)).Allocated();
        _server.Do((shard, sink) => shard.Revoke("u", _server.WallClock.AddMinutes(10), _server.Now, ref sink));
        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(StunErrorCode.Unauthenticated, first.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, TurnClient.WithTimeLimitedCredential(_server, "u", TimeSpan.FromMinutes(10)).Allocate().ErrorCode);
    }

    [Fact]
    public void A_revocation_reaches_the_other_shards()
    {
        var shard = new TurnHarness(_server.Registry);
        var there = TurnClient.WithTimeLimitedCredential(shard, "u", TimeSpan.FromMinutes(10)).Allocated();
        _server.Do((here, sink) => here.Revoke("u", _server.WallClock.AddMinutes(10), _server.Now, ref sink));
        Assert.Equal(StunErrorCode.Unauthenticated, TurnClient.WithTimeLimitedCredential(shard, "u", TimeSpan.FromMinutes(5), "203.0.113.9:2").Allocate().ErrorCode);
        Assert.True(there.HasAllocation);
        shard.Do((other, sink) => other.Revoke("u", _server.WallClock.AddMinutes(10), _server.Now, ref sink));
        Assert.False(there.HasAllocation);
    }

    [Fact]
    public void A_fixed_user_can_be_thrown_out_and_come_again()
    {
        var client = new TurnClient(_server).Allocated();
        _server.Do((shard, sink) => shard.Revoke("alice", _server.WallClock.AddYears(1), _server.Now, ref sink));
        Assert.True(client.HasAllocation);
        _server.Do((shard, sink) => shard.Revoke("alice", DateTimeOffset.MaxValue, _server.Now, ref sink));
        Assert.False(client.HasAllocation);
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);
    }

    [Fact]
    public void Revocations_are_forgotten_when_what_they_cover_has_expired()
    {
        for (var i = 0; i < 1000; i++)
        {
            _server.Do((shard, sink) => shard.Revoke($"user-{i}", _server.WallClock.AddMinutes(1), _server.Now, ref sink));
            _server.Sleep(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(_server.Registry.TakeInventory().Revocations, 1, 7);
    }

    [Fact]
    public void A_server_that_closes_gives_everything_back()
    {
        new TurnClient(_server, "203.0.113.9:1").Allocated(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6));
        new TurnClient(_server, "203.0.113.9:2").Allocated(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: true));
        _server.Do((shard, sink) => shard.Close(ref sink));
        Assert.Equal((0, 0), (_server.OpenRelays, _server.ReservedPorts));
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
        Assert.Equal(Instant.Never, _server.Shard.NextDeadline);
    }

    [Theory]
    [InlineData("203.0.113.9:1", TransportProtocol.Udp, "192.0.2.1:3478", "[2001:db8::2]:3478", null)]
    [InlineData("[2001:db8::9]:1", TransportProtocol.Udp, "[2001:db8::2]:3478", "192.0.2.1:3478", null)]
    [InlineData("203.0.113.9:1", TransportProtocol.Tls, "192.0.2.1:3478", "[2001:db8::2]:3478", "turn.example.org")]
    public void A_server_that_runs_empty_sends_authenticated_clients_elsewhere_with_300(string address, TransportProtocol protocol, string first, string second, string? domain)
    {
        _server.Registry.Redirect(TransportAddress.Parse("192.0.2.1:3478"), TransportAddress.Parse("[2001:db8::2]:3478"), "turn.example.org");
        var client = new TurnClient(_server, address, protocol);
        Assert.Equal(StunErrorCode.Unauthenticated, client.FetchNonce().ErrorCode);
        var reply = client.Allocate();
        Assert.Equal(StunErrorCode.TryAlternate, reply.ErrorCode);
        Assert.True(reply.Message.IsIntegrityValid(client.Key()));

        List<string> servers = [];
        foreach (var attribute in reply.Message.Attributes)
        {
            if (attribute.Type == StunAttributeType.AlternateServer)
            {
                servers.Add(attribute.Value.Length == 8
                    ? $"{string.Join('.', attribute.Value[4..].ToArray())}:{(attribute.Value[2] << 8) | attribute.Value[3]}"
                    : new TransportAddress(ReadIPv6(attribute.Value[4..]), (ushort)((attribute.Value[2] << 8) | attribute.Value[3])).ToString());
            }
        }

        Assert.Equal([first, second], servers);
        Assert.Equal(domain is not null, reply.Message.TryGet(StunAttributeType.AlternateDomain, out var name));
        Assert.Equal(domain ?? "", System.Text.Encoding.ASCII.GetString(name));

        _server.Registry.Redirect(null, null, null);
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);

        static NetworkAddress ReadIPv6(ReadOnlySpan<byte> bytes)
        {
            Assert.True(NetworkAddress.TryRead(bytes, out var ipv6));
            return ipv6;
        }
    }

    [Fact]
    public void Allocations_live_on_while_new_clients_are_sent_elsewhere_and_the_other_family_stays()
    {
        var old = new TurnClient(_server, "203.0.113.9:1").Allocated();
        _server.Registry.Redirect(TransportAddress.Parse("192.0.2.1:3478"), null, null);
        Assert.Equal(StunErrorCode.None, old.Refresh().ErrorCode);
        Assert.Equal(StunErrorCode.TryAlternate, new TurnClient(_server, "203.0.113.9:2").Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, new TurnClient(_server, "[2001:db8::9]:2").Allocate().ErrorCode);
    }

    [Fact]
    public void The_next_deadline_is_always_the_earliest_and_each_tick_frees_exactly_what_is_due()
    {
        var server = new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv4 = TurnHarness.RelayIPv4, MaxAllocationsPerUser = 100, NonceLifetime = TimeSpan.FromHours(1) });
        var random = new Random(7);
        Dictionary<TurnClient, Instant> expiries = [];
        for (var i = 0; i < 60; i++)
        {
            var client = new TurnClient(server, $"203.0.113.{1 + (i % 20)}:{i + 1}");
            expiries[client] = server.Now + TimeSpan.FromSeconds(client.Allocate((ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, (uint)random.Next(601, 3600))).Lifetime);
        }

        for (var round = 0; round < 400 && expiries.Count > 0; round++)
        {
            Assert.Equal(expiries.Values.Min(), server.Shard.NextDeadline);
            var client = expiries.Keys.ElementAt(random.Next(expiries.Count));
            switch (random.Next(4))
            {
                case 0 when round < 200:
                    expiries[client] = server.Now + TimeSpan.FromSeconds(client.Refresh((uint)random.Next(601, 3600)).Lifetime);
                    break;
                case 1 when round < 200:
                    client.Refresh(0);
                    expiries.Remove(client);
                    break;
                case 2 or 3:
                    server.Sleep(server.Shard.NextDeadline - server.Now);
                    var due = expiries.Where(expiry => expiry.Value <= server.Now).Select(expiry => expiry.Key).ToList();
                    Assert.Equal(due.Count, server.Advance(TimeSpan.Zero).Count);
                    due.ForEach(gone => expiries.Remove(gone));
                    Assert.Equal(expiries.Count, server.Shard.AllocationCount);
                    expiries.Keys.ToList().ForEach(left => left.Nonce = []);
                    break;
            }
        }

        Assert.Empty(expiries);
        Assert.Equal(Instant.Never, server.Shard.NextDeadline);
    }
}
