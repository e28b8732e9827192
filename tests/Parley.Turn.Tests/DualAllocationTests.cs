using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>ADDITIONAL-ADDRESS-FAMILY: RFC 8656 sections 7.2 and 8.1.</summary>
public sealed class DualAllocationTests
{
    private readonly TurnHarness _server = new();

    private static void Both(ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6);

    [Fact]
    public void Both_families_are_granted_in_one_allocation()
    {
        var client = new TurnClient(_server);
        var outputs = client.AllocateOutputs(Both);
        var id = client.Allocation;
        Assert.Equal(new Output.RelayWanted(new RelayRequest(id, AddressFamily.IPv4, RelayPort.Any, 0)), outputs[0]);
        Assert.Equal(new Output.RelayWanted(new RelayRequest(id, AddressFamily.IPv6, RelayPort.Any, 0)), outputs[1]);
        var reply = new Reply(Assert.IsType<Output.Sent>(outputs[2]).Bytes);
        Assert.Equal(["198.51.100.1:49152", "[2001:db8:ffff::1]:49152"], reply.RelayedAddresses);
        Assert.Equal(1, _server.Registry.TakeInventory().Allocations);
    }

    [Fact]
    public void A_family_that_cannot_be_opened_is_named_in_ADDRESS_ERROR_CODE()
    {
        _server.Engine = static request => request.Family == AddressFamily.IPv6 ? EngineAnswer.Fail : EngineAnswer.Open;
        var client = new TurnClient(_server);
        client.FetchNonce();
        var request = client.Build(StunMethod.Allocate, authenticate: true, static (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(17);
            Both(ref writer);
        });
        var sent = Assert.Single(client.Send(request).OfType<Output.Sent>());
        var reply = new Reply(sent.Bytes);
        Assert.Equal("198.51.100.1:49152", reply.RelayedAddress);
        Assert.True(reply.Message.TryGetAddressErrorCode(out var family, out var code));
        Assert.Equal((AddressFamily.IPv6, StunErrorCode.InsufficientCapacity), (family, code));
        Assert.Equal(sent, Assert.Single(client.Send(request)));
    }

    [Fact]
    public void A_family_that_the_server_lacks_is_named_with_440()
    {
        var server = new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv6 = TurnHarness.RelayIPv6 });
        var reply = new TurnClient(server).Allocate(Both);
        Assert.Equal("[2001:db8:ffff::1]:49152", reply.RelayedAddress);
        Assert.True(reply.Message.TryGetAddressErrorCode(out var family, out var code));
        Assert.Equal((AddressFamily.IPv4, StunErrorCode.AddressFamilyNotSupported), (family, code));
    }

    [Fact]
    public void If_neither_family_opens_the_answer_is_508_and_nothing_is_left()
    {
        _server.Engine = static _ => EngineAnswer.Fail;
        Assert.Equal(StunErrorCode.InsufficientCapacity, new TurnClient(_server).Allocate(Both).ErrorCode);
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
    }

    [Fact]
    public void Combinations_that_the_RFC_forbids_are_a_400()
    {
        var client = new TurnClient(_server);
        Assert.Equal(StunErrorCode.BadRequest, client.Allocate(static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv4)).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, client.Allocate(static (ref StunWriter writer) =>
        {
            writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv4);
            Both(ref writer);
        }).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, client.Allocate(static (ref StunWriter writer) =>
        {
            writer.AddEvenPort(reserveNext: true);
            Both(ref writer);
        }).ErrorCode);
    }

    [Fact]
    public void One_family_can_be_released_alone_with_its_permissions_and_channels()
    {
        var client = new TurnClient(_server).Allocated(Both);
        var id = client.Allocation;
        client.ChannelBind(0x4000, "203.0.113.77:5000");
        client.ChannelBind(0x4001, "[2001:db8::77]:5000");

        var outputs = client.RequestOutputs(StunMethod.Refresh, static (ref StunWriter writer) =>
        {
            writer.AddUInt32(StunAttributeType.Lifetime, 0);
            writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv4);
        });
        Assert.Equal(new Output.RelayClosed(id, AddressFamily.IPv4), outputs[1]);
        Assert.Empty(client.SendChannelData(0x4000, "to nobody"u8));
        Assert.Single(client.SendChannelData(0x4001, "to a peer"u8));
        Assert.Equal(StunErrorCode.PeerAddressFamilyMismatch, client.CreatePermission("203.0.113.77:5000").ErrorCode);
        Assert.Equal(StunErrorCode.PeerAddressFamilyMismatch, client.Refresh(600, AddressFamily.IPv4).ErrorCode);

        Assert.Equal(StunErrorCode.None, client.Refresh(0, AddressFamily.IPv6).ErrorCode);
        Assert.False(client.HasAllocation);
        Assert.Equal(0, _server.OpenRelays);
    }

    [Fact]
    public void Each_family_has_a_lifetime_of_its_own()
    {
        var client = new TurnClient(_server).Allocated(Both);
        var id = client.Allocation;
        Assert.Equal(StunErrorCode.None, client.Refresh(1200, AddressFamily.IPv6).ErrorCode);
        Assert.Equal([new Output.RelayClosed(id, AddressFamily.IPv4)], _server.Advance(TimeSpan.FromSeconds(600)));
        Assert.True(client.HasAllocation);
        Assert.Equal([new Output.RelayClosed(id, AddressFamily.IPv6)], _server.Advance(TimeSpan.FromSeconds(600)));
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
    }

    [Fact]
    public void An_expired_family_is_dead_both_ways_before_the_tick()
    {
        var client = new TurnClient(_server).Allocated(Both);
        client.Refresh(1200, AddressFamily.IPv6);
        _server.Sleep(TimeSpan.FromSeconds(500));
        client.ChannelBind(0x4000, "203.0.113.77:5000");
        _server.Sleep(TimeSpan.FromSeconds(99));
        Assert.Single(client.SendChannelData(0x4000, "a"u8));
        Assert.Single(_server.ReceiveFromPeer(client.Allocation, "203.0.113.77:5000", "a"u8));

        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.True(client.HasAllocation);
        Assert.Empty(client.SendChannelData(0x4000, "a"u8));
        Assert.Empty(client.SendIndication("203.0.113.77:5000", "a"u8));
        Assert.Empty(_server.ReceiveFromPeer(client.Allocation, "203.0.113.77:5000", "a"u8));
        Assert.Empty(_server.Do((shard, sink) => shard.ReceiveIcmp(client.Allocation, new(TransportAddress.Parse("203.0.113.77:5000")), 3, 3, 0, _server.Now, ref sink)));
        Assert.Equal(3, _server.Shard.Counters.Drops(TurnDropReason.NoAllocation));
    }

    [Fact]
    public void A_released_family_makes_room_for_permissions_and_channels_of_the_other()
    {
        var server = new TurnHarness(new TurnSettings
        {
            Users = TurnHarness.DefaultSettings.Users,
            RelayAddressIPv4 = TurnHarness.RelayIPv4,
            RelayAddressIPv6 = TurnHarness.RelayIPv6,
            AllowPrivatePeers = true,
            MaxPermissions = 1,
            MaxChannels = 1,
        });
        var client = new TurnClient(server).Allocated(Both);
        client.ChannelBind(0x4000, "203.0.113.77:5000");
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.CreatePermission("[2001:db8::77]:5000").ErrorCode);
        client.Refresh(0, AddressFamily.IPv4);
        Assert.Equal(StunErrorCode.None, client.ChannelBind(0x4001, "[2001:db8::77]:5000").ErrorCode);
    }
}
