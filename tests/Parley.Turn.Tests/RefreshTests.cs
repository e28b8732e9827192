using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>RFC 8656 section 8.</summary>
public sealed class RefreshTests
{
    private readonly TurnHarness _server = new();

    [Theory]
    [InlineData(null, 600u)]
    [InlineData(30u, 600u)]
    [InlineData(900u, 900u)]
    [InlineData(7200u, 3600u)]
    public void A_refresh_sets_the_lifetime_anew(uint? asked, uint granted)
    {
        var client = new TurnClient(_server).Allocated();
        _server.Sleep(TimeSpan.FromSeconds(500));
        var reply = client.Refresh(asked);
        Assert.Equal(granted, reply.Lifetime);
        Assert.True(reply.Message.IsIntegrityValid(client.Key()));

        _server.Sleep(TimeSpan.FromSeconds(granted - 1));
        Assert.True(client.HasAllocation);
        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.False(client.HasAllocation);
    }

    [Fact]
    public void Refresh_with_zero_lifetime_frees_the_relay()
    {
        var client = new TurnClient(_server).Allocated();
        var id = client.Allocation;
        var outputs = client.RequestOutputs(StunMethod.Refresh, static (ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 0));
        Assert.Equal(2, outputs.Count);
        Assert.Equal(0u, new Reply(Assert.IsType<Output.Sent>(outputs[0]).Bytes).Lifetime);
        Assert.Equal(new Output.RelayClosed(id, AddressFamily.IPv4), outputs[1]);
        Assert.False(client.HasAllocation);
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
        Assert.Equal(1, _server.Shard.Counters.AllocationsEnded(AllocationEndReason.Released));

        Assert.Equal(StunErrorCode.AllocationMismatch, client.Refresh(0).ErrorCode);
    }

    [Fact]
    public void Another_family_than_the_allocations_is_a_443()
    {
        var client = new TurnClient(_server).Allocated();
        Assert.Equal(StunErrorCode.PeerAddressFamilyMismatch, client.Refresh(600, AddressFamily.IPv6).ErrorCode);
        Assert.Equal(StunErrorCode.PeerAddressFamilyMismatch, client.Refresh(600, (AddressFamily)9).ErrorCode);
        Assert.Equal(StunErrorCode.None, client.Refresh(600, AddressFamily.IPv4).ErrorCode);
    }

    [Fact]
    public void Malformed_lifetime_or_family_is_a_400()
    {
        var client = new TurnClient(_server).Allocated();
        Assert.Equal(StunErrorCode.BadRequest, client.Request(StunMethod.Refresh, static (ref StunWriter writer) => writer.Add(StunAttributeType.Lifetime, [0])).ErrorCode);
        Assert.Equal(StunErrorCode.BadRequest, client.Request(StunMethod.Refresh, static (ref StunWriter writer) => writer.Add(StunAttributeType.RequestedAddressFamily, [1])).ErrorCode);
        Assert.True(client.HasAllocation);
    }

    [Fact]
    public void An_allocation_that_is_not_refreshed_is_freed_by_the_tick()
    {
        var client = new TurnClient(_server).Allocated();
        var id = client.Allocation;
        Assert.Equal(_server.Now + TimeSpan.FromSeconds(600), _server.Shard.NextDeadline);
        Assert.Empty(_server.Advance(TimeSpan.FromSeconds(599)));
        Assert.Equal([new Output.RelayClosed(id, AddressFamily.IPv4)], _server.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(0, _server.Shard.AllocationCount);
        Assert.Equal(Instant.Never, _server.Shard.NextDeadline);
        Assert.Equal(1, _server.Shard.Counters.AllocationsEnded(AllocationEndReason.Expired));
    }

    [Fact]
    public void A_refresh_does_not_refresh_permissions_and_data_does_not_refresh_the_allocation()
    {
        var client = new TurnClient(_server).Allocated();
        client.CreatePermission("203.0.113.77:5000");
        _server.Sleep(TimeSpan.FromSeconds(299));
        client.Refresh();
        Assert.Single(client.SendIndication("203.0.113.77:5000", "data"u8));
        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Empty(client.SendIndication("203.0.113.77:5000", "data"u8));
    }
}
