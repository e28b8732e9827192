using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>RFC 8656 section 7.2, with exact outputs.</summary>
public sealed class AllocateTests
{
    private readonly TurnHarness _server = new();

    [Fact]
    public void A_client_is_challenged_then_gets_a_relayed_address()
    {
        var client = new TurnClient(_server);
        var challenge = client.FetchNonce();
        Assert.Equal([StunAttributeType.ErrorCode, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.PasswordAlgorithms], challenge.AttributeTypes);
        Assert.Equal(0, _server.Shard.AllocationCount);

        var outputs = client.AllocateOutputs();
        var id = client.Allocation;
        Assert.Equal(2, outputs.Count);
        Assert.Equal(new Output.RelayWanted(new RelayRequest(id, AddressFamily.IPv4, RelayPort.Any, 0)), outputs[0]);
        var reply = new Reply(Assert.IsType<Output.Sent>(outputs[1]).Bytes);
        Assert.Equal(StunErrorCode.None, reply.ErrorCode);
        Assert.Equal("198.51.100.1:49152", reply.RelayedAddress);
        Assert.Equal(600u, reply.Lifetime);
        Assert.True(reply.Message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped));
        Assert.Equal(client.Tuple.Client, mapped);
        Assert.True(reply.Message.IsIntegrityValid(client.Key()));
        Assert.False(reply.Message.HasMessageIntegritySha256);
        Assert.Equal(
            [StunAttributeType.XorRelayedAddress, StunAttributeType.Lifetime, StunAttributeType.XorMappedAddress, StunAttributeType.Software],
            reply.AttributeTypes);
    }

    [Theory]
    [InlineData(null, 600u)]
    [InlineData(0u, 600u)]
    [InlineData(599u, 600u)]
    [InlineData(1234u, 1234u)]
    [InlineData(3600u, 3600u)]
    [InlineData(3601u, 3600u)]
    [InlineData(uint.MaxValue, 3600u)]
    public void The_lifetime_lies_between_default_and_maximum(uint? asked, uint granted)
    {
        var reply = new TurnClient(_server).Allocate((ref StunWriter writer) =>
        {
            if (asked is { } seconds)
            {
                writer.AddUInt32(StunAttributeType.Lifetime, seconds);
            }
        });
        Assert.Equal(granted, reply.Lifetime);
    }

    [Fact]
    public void A_second_allocation_on_the_same_5_tuple_is_refused_with_437()
    {
        var client = new TurnClient(_server).Allocated();
        Assert.Equal(StunErrorCode.AllocationMismatch, client.Allocate().ErrorCode);
        Assert.Equal(1, _server.Shard.AllocationCount);
    }

    [Fact]
    public void A_retransmission_gets_the_same_answer_and_makes_nothing()
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        var request = client.Build(StunMethod.Allocate, authenticate: true, static (ref StunWriter writer) => writer.AddRequestedTransport(17));
        var first = client.Send(request);
        var again = client.Send(request);
        Assert.Equal(first[1], Assert.Single(again));

        _server.Sleep(TimeSpan.FromSeconds(2));
        var later = new Reply(Assert.IsType<Output.Sent>(Assert.Single(client.Send(request))).Bytes);
        Assert.Equal(598u, later.Lifetime);
        Assert.Equal(1, _server.Shard.AllocationCount);
    }

    [Fact]
    public void A_retransmission_while_the_relay_is_being_opened_waits_for_the_one_answer()
    {
        _server.Engine = static _ => EngineAnswer.Wait;
        var client = new TurnClient(_server);
        client.FetchNonce();
        var request = client.Build(StunMethod.Allocate, authenticate: true, static (ref StunWriter writer) => writer.AddRequestedTransport(17));
        var wanted = Assert.IsType<Output.RelayWanted>(Assert.Single(client.Send(request)));
        Assert.Empty(client.Send(request));
        Assert.False(client.HasAllocation);
        Assert.Equal(StunErrorCode.AllocationMismatch, client.Allocate().ErrorCode);

        var outputs = _server.OpenLate(wanted.Request, 50000);
        Assert.Equal("198.51.100.1:50000", new Reply(Assert.IsType<Output.Sent>(Assert.Single(outputs)).Bytes).RelayedAddress);
        Assert.True(client.HasAllocation);
    }

    [Fact]
    public void A_relay_that_cannot_be_opened_is_an_ordinary_508()
    {
        _server.Engine = static _ => EngineAnswer.Fail;
        var client = new TurnClient(_server);
        var reply = client.Allocate();
        Assert.Equal(StunErrorCode.InsufficientCapacity, reply.ErrorCode);
        Assert.True(reply.Message.IsIntegrityValid(client.Key()));
        Assert.Equal(0, _server.Shard.AllocationCount);
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);

        _server.Engine = null;
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);
    }

    [Fact]
    public void An_engine_that_never_answers_makes_a_508_and_its_late_relay_is_closed()
    {
        _server.Engine = static _ => EngineAnswer.Wait;
        var client = new TurnClient(_server);
        var wanted = Assert.IsType<Output.RelayWanted>(Assert.Single(client.AllocateOutputs()));
        Assert.Empty(_server.Advance(TimeSpan.FromSeconds(9)));
        var sent = Assert.IsType<Output.Sent>(Assert.Single(_server.Advance(TimeSpan.FromSeconds(1))));
        Assert.Equal(StunErrorCode.InsufficientCapacity, new Reply(sent.Bytes).ErrorCode);
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);

        var late = _server.OpenLate(wanted.Request, 50000);
        Assert.Equal([new Output.RelayClosed(wanted.Request.Allocation, AddressFamily.IPv4)], late);
    }

    [Fact]
    public void Requested_transport_is_required_well_formed_and_UDP()
    {
        var client = new TurnClient(_server);
        Assert.Equal(StunErrorCode.BadRequest, client.Request(StunMethod.Allocate).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, client.Request(StunMethod.Allocate, static (ref StunWriter writer) => writer.Add(StunAttributeType.RequestedTransport, [17])).ErrorCode);
        Assert.Equal(StunErrorCode.UnsupportedTransportProtocol, client.Request(StunMethod.Allocate, static (ref StunWriter writer) => writer.AddRequestedTransport(6)).ErrorCode);
    }

    [Fact]
    public void Malformed_attributes_are_a_400()
    {
        var client = new TurnClient(_server);
        foreach (var type in (StunAttributeType[])[StunAttributeType.Lifetime, StunAttributeType.EvenPort, StunAttributeType.RequestedAddressFamily, StunAttributeType.AdditionalAddressFamily, StunAttributeType.ReservationToken])
        {
            var reply = client.Allocate((ref StunWriter writer) => writer.Add(type, [1, 2, 3]));
            Assert.Equal(StunErrorCode.BadRequest, reply.ErrorCode);
        }
    }

    [Theory]
    [InlineData(AddressFamily.IPv4, "198.51.100.1:49152")]
    [InlineData(AddressFamily.IPv6, "[2001:db8:ffff::1]:49152")]
    public void The_requested_family_is_granted(AddressFamily family, string relayed)
    {
        var reply = new TurnClient(_server).Allocate((ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, family));
        Assert.Equal(relayed, reply.RelayedAddress);
    }

    [Fact]
    public void Without_a_requested_family_IPv4_is_meant_even_for_a_client_on_IPv6()
    {
        Assert.Equal("198.51.100.1:49152", new TurnClient(_server, "[2001:db8::9]:40000").Allocate().RelayedAddress);
    }

    [Fact]
    public void A_family_that_the_server_lacks_is_a_440()
    {
        var server = new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv6 = TurnHarness.RelayIPv6 });
        var client = new TurnClient(server);
        Assert.Equal(StunErrorCode.AddressFamilyNotSupported, client.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.AddressFamilyNotSupported, client.Allocate(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv4)).ErrorCode);
        Assert.Equal(StunErrorCode.AddressFamilyNotSupported, client.Allocate(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, (AddressFamily)7)).ErrorCode);
        Assert.Equal(StunErrorCode.None, client.Allocate(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv6)).ErrorCode);
    }

    [Fact]
    public void Dont_fragment_is_accepted_where_it_is_supported_and_unknown_where_not()
    {
        static void DontFragment(ref StunWriter writer) => writer.Add(StunAttributeType.DontFragment, []);
        Assert.Equal(StunErrorCode.None, new TurnClient(_server).Allocate(DontFragment).ErrorCode);

        var without = new TurnClient(new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv4 = TurnHarness.RelayIPv4 }));
        var reply = without.Allocate(DontFragment);
        Assert.Equal(StunErrorCode.UnknownAttribute, reply.ErrorCode);
        Assert.True(reply.Message.TryGet(StunAttributeType.UnknownAttributes, out var unknown));
        Assert.Equal([0x00, 0x1A], unknown.ToArray());
        Assert.True(reply.Message.IsIntegrityValid(without.Key()));
    }

    [Fact]
    public void Mobility_is_forbidden_with_405()
    {
        var reply = new TurnClient(_server).Allocate(static (ref StunWriter writer) => writer.Add(StunAttributeType.MobilityTicket, []));
        Assert.Equal(StunErrorCode.MobilityForbidden, reply.ErrorCode);
    }

    [Fact]
    public void The_5_tuple_of_an_expired_allocation_is_free_even_before_the_tick()
    {
        var client = new TurnClient(_server).Allocated();
        var expired = client.Allocation;
        _server.Sleep(TimeSpan.FromSeconds(600));
        Assert.False(client.HasAllocation);
        var outputs = client.AllocateOutputs();
        Assert.Equal(new Output.RelayClosed(expired, AddressFamily.IPv4), outputs[0]);
        Assert.IsType<Output.RelayWanted>(outputs[1]);
        Assert.Equal(StunErrorCode.None, new Reply(Assert.IsType<Output.Sent>(outputs[2]).Bytes).ErrorCode);
        Assert.Equal(1, _server.Registry.TakeInventory().Allocations);
    }

    [Fact]
    public void Each_protocol_and_each_server_address_is_another_5_tuple()
    {
        Assert.Equal(StunErrorCode.None, new TurnClient(_server).Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, new TurnClient(_server, protocol: TransportProtocol.Tcp).Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, new TurnClient(_server, protocol: TransportProtocol.Tls).Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, new TurnClient(_server, "203.0.113.9:40001").Allocate().ErrorCode);
        Assert.Equal(4, _server.Shard.AllocationCount);
    }
}
