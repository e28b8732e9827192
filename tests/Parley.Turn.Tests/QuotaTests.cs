using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>Limits per user, per address, overall and per allocation.</summary>
public sealed class QuotaTests
{
    [Fact]
    public void Allocations_per_user_are_limited_with_486_over_all_shards()
    {
        var server = new TurnHarness(Settings(perUser: 2));
        var shard = new TurnHarness(server.Registry);
        new TurnClient(server, "203.0.113.9:1").Allocated();
        var second = new TurnClient(shard, "203.0.113.10:1").Allocated();
        Assert.Equal(StunErrorCode.AllocationQuotaReached, new TurnClient(server, "203.0.113.11:1").Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, TurnClient.WithTimeLimitedCredential(server, "bob", TimeSpan.FromMinutes(1), "203.0.113.11:1").Allocate().ErrorCode);
        second.Refresh(0);
        Assert.Equal(StunErrorCode.None, new TurnClient(server, "203.0.113.12:1").Allocate().ErrorCode);
    }

    [Fact]
    public void A_user_is_one_user_over_all_their_time_limited_credentials()
    {
        var server = new TurnHarness(Settings(perUser: 2));
        TurnClient.WithTimeLimitedCredential(server, "bob", TimeSpan.FromMinutes(1), "203.0.113.9:1").Allocated();
        TurnClient.WithTimeLimitedCredential(server, "bob", TimeSpan.FromMinutes(2), "203.0.113.9:2").Allocated();
        Assert.Equal(StunErrorCode.AllocationQuotaReached, TurnClient.WithTimeLimitedCredential(server, "bob", TimeSpan.FromMinutes(3), "203.0.113.9:3").Allocate().ErrorCode);
    }

    [Fact]
    public void A_reserved_port_counts_as_an_allocation_until_it_is_claimed_or_gone()
    {
        var server = new TurnHarness(Settings(perUser: 2));
        Assert.Equal(StunErrorCode.None, new TurnClient(server, "203.0.113.9:1").Allocate(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: true)).ErrorCode);
        Assert.Equal(StunErrorCode.AllocationQuotaReached, new TurnClient(server, "203.0.113.9:2").Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.AllocationQuotaReached, new TurnClient(server, "203.0.113.9:2").Allocate(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: true)).ErrorCode);
        server.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(StunErrorCode.AllocationQuotaReached, new TurnClient(server, "203.0.113.9:2").Allocate(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: true)).ErrorCode);
        Assert.Equal(StunErrorCode.None, new TurnClient(server, "203.0.113.9:2").Allocate().ErrorCode);
    }

    [Theory]
    [InlineData("203.0.113.9:1", "203.0.113.9:2", "203.0.113.10:1")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::ffff:2]:1", "[2001:db8:0:1::1]:1")]
    public void Allocations_per_client_address_or_IPv6_prefix_are_limited_with_486(string first, string neighbour, string elsewhere)
    {
        var server = new TurnHarness(Settings(perAddress: 1));
        new TurnClient(server, first).Allocated();
        Assert.Equal(StunErrorCode.AllocationQuotaReached, new TurnClient(server, neighbour).Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, new TurnClient(server, elsewhere).Allocate().ErrorCode);
    }

    [Fact]
    public void Allocations_overall_are_limited_with_508()
    {
        var server = new TurnHarness(Settings(total: 1));
        var client = new TurnClient(server, "203.0.113.9:1").Allocated();
        Assert.Equal(StunErrorCode.InsufficientCapacity, new TurnClient(server, "203.0.113.10:1").Allocate().ErrorCode);
        client.Refresh(0);
        Assert.Equal(StunErrorCode.None, new TurnClient(server, "203.0.113.10:1").Allocate().ErrorCode);
    }

    [Fact]
    public void Permissions_are_limited_with_508_and_expired_ones_make_room()
    {
        var server = new TurnHarness(Settings(permissions: 3));
        var client = new TurnClient(server).Allocated();
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.1:1", "203.0.113.2:1").ErrorCode);
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.CreatePermission("203.0.113.3:1", "203.0.113.4:1").ErrorCode);
        Assert.Empty(server.ReceiveFromPeer(client.Allocation, "203.0.113.3:5000", "a"u8));
        Assert.Equal(StunErrorCode.None, client.ChannelBind(0x4000, "203.0.113.3:1").ErrorCode);
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.ChannelBind(0x4001, "203.0.113.4:1").ErrorCode);
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.1:1").ErrorCode);
        server.Sleep(TimeSpan.FromSeconds(300));
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.4:1", "203.0.113.5:1", "203.0.113.6:1").ErrorCode);
    }

    [Fact]
    public void Channels_are_limited_with_508_and_expired_ones_make_room()
    {
        var server = new TurnHarness(Settings(channels: 2));
        var client = new TurnClient(server).Allocated();
        client.Refresh(3600);
        Assert.Equal(StunErrorCode.None, client.ChannelBind(0x4000, "203.0.113.1:1").ErrorCode);
        Assert.Equal(StunErrorCode.None, client.ChannelBind(0x4001, "203.0.113.1:2").ErrorCode);
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.ChannelBind(0x4002, "203.0.113.1:3").ErrorCode);
        Assert.Equal(StunErrorCode.None, client.ChannelBind(0x4001, "203.0.113.1:2").ErrorCode);
        server.Sleep(TimeSpan.FromSeconds(600));
        Assert.Equal(StunErrorCode.None, client.ChannelBind(0x4002, "203.0.113.1:3").ErrorCode);
    }

    [Fact]
    public void New_peers_per_second_are_limited_with_508()
    {
        var server = new TurnHarness(Settings(newPeers: 2));
        var client = new TurnClient(server).Allocated();
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(StunErrorCode.None, client.CreatePermission($"203.0.113.{i}:1").ErrorCode);
        }

        Assert.Equal(StunErrorCode.InsufficientCapacity, client.CreatePermission("203.0.113.21:1").ErrorCode);
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.20:1").ErrorCode);
        server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.21:1").ErrorCode);
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.22:1").ErrorCode);
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.CreatePermission("203.0.113.23:1").ErrorCode);
    }

    [Fact]
    public void A_permission_that_has_expired_counts_as_new_when_it_is_asked_for_again()
    {
        var server = new TurnHarness(Settings(permissions: 2));
        var client = new TurnClient(server).Allocated();
        client.CreatePermission("203.0.113.1:1");
        server.Sleep(TimeSpan.FromSeconds(200));
        client.CreatePermission("203.0.113.2:1");
        server.Sleep(TimeSpan.FromSeconds(100));

        // The first has expired, so there is room for one of the two, and the answer must not say that there was for both.
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.Request(StunMethod.CreatePermission, TurnClient.Peers("203.0.113.3:1", "203.0.113.1:1")).ErrorCode);
        Assert.Equal(StunErrorCode.None, client.CreatePermission("203.0.113.1:1").ErrorCode);
    }

    [Fact]
    public void Packets_per_second_are_limited_each_way_and_the_rest_is_dropped()
    {
        var server = new TurnHarness(Settings(packets: 100));
        var client = new TurnClient(server).Allocated();
        client.ChannelBind(0x4000, "203.0.113.1:1");
        Assert.Equal(100, Enumerable.Range(0, 150).Count(_ => client.SendChannelData(0x4000, [1]).Count == 1));
        Assert.Equal(100, Enumerable.Range(0, 150).Count(_ => server.ReceiveFromPeer(client.Allocation, "203.0.113.1:1", [1]).Count == 1));
        Assert.Equal(100, server.Shard.Counters.Drops(TurnDropReason.OverRate));
        server.Sleep(TimeSpan.FromSeconds(0.5));
        Assert.Equal(50, Enumerable.Range(0, 150).Count(_ => client.SendChannelData(0x4000, [1]).Count == 1));
        Assert.Equal(50, Enumerable.Range(0, 150).Count(_ => server.ReceiveFromPeer(client.Allocation, "203.0.113.1:2", [1]).Count == 1));
    }

    [Fact]
    public void Bytes_per_second_are_limited_and_a_run_passes_whole()
    {
        var server = new TurnHarness(Settings(bytes: 10_000));
        var client = new TurnClient(server).Allocated();
        client.ChannelBind(0x4000, "203.0.113.1:1");
        Assert.True(server.Shard.TryRouteFromClient(client.Tuple, 0x4000, 20, 20_000, server.Now, out _));
        Assert.False(server.Shard.TryRouteFromClient(client.Tuple, 0x4000, 1, 100, server.Now, out _));
        server.Sleep(TimeSpan.FromSeconds(1));
        Assert.False(server.Shard.TryRouteFromClient(client.Tuple, 0x4000, 1, 100, server.Now, out _));
        server.Sleep(TimeSpan.FromSeconds(0.1));
        Assert.True(server.Shard.TryRouteFromClient(client.Tuple, 0x4000, 1, 100, server.Now, out _));
    }

    [Fact]
    public void Zero_removes_a_rate()
    {
        var server = new TurnHarness(Settings(packets: 0, bytes: 0));
        var client = new TurnClient(server).Allocated();
        client.ChannelBind(0x4000, "203.0.113.1:1");
        for (var i = 0; i < 100; i++)
        {
            Assert.True(server.Shard.TryRouteFromClient(client.Tuple, 0x4000, 1_000_000, 2_000_000_000, server.Now, out _));
        }
    }

    private static TurnSettings Settings(
        int perUser = 100, int perAddress = 100, int total = 100, int permissions = 100, int channels = 100, int newPeers = 100, int packets = 10_000, long bytes = 10_000_000) => new()
        {
            Secrets = [TurnHarness.Secret],
            Users = TurnHarness.DefaultSettings.Users,
            RelayAddressIPv4 = TurnHarness.RelayIPv4,
            AllowPrivatePeers = true,
            MaxAllocationsPerUser = perUser,
            MaxAllocationsPerClientAddress = perAddress,
            MaxAllocations = total,
            MaxPermissions = permissions,
            MaxChannels = channels,
            MaxNewPeersPerSecond = newPeers,
            MaxPacketsPerSecond = packets,
            MaxBytesPerSecond = bytes,
        };
}
