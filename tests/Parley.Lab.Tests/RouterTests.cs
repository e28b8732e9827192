using System.Net;
using System.Net.Sockets;

namespace Parley.Lab.Tests;

/// <summary>Each kind of router does what its name says; the calls' tests rest on that.</summary>
public sealed class RouterTests(SharedLab shared) : LabTest(shared)
{
    [Fact]
    public async Task Behind_an_open_router_a_home_keeps_its_address_and_anybody_may_send_to_it()
    {
        await Lab.Left.SetRouterAsync(RouterKind.Open);
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);

        server.Send([1], home.EndPoint);

        Assert.Equal(server.EndPoint, (await home.ReceiveAsync()).From);
        Assert.Equal(home.EndPoint, await home.SeenByAsync(server));
    }

    [Fact]
    public async Task A_port_preserving_router_shows_one_address_to_everybody()
    {
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var first = new Probe(Lab.Server, NetworkLab.ServerAddress);
        using var second = new Probe(Lab.Server, NetworkLab.ServerAddress);

        var expected = new IPEndPoint(Lab.Left.PublicAddress, home.EndPoint.Port);
        Assert.Equal(expected, await home.SeenByAsync(first));
        Assert.Equal(expected, await home.SeenByAsync(second));
    }

    [Fact]
    public async Task A_symmetric_router_shows_another_port_to_everybody()
    {
        await Lab.Left.SetRouterAsync(RouterKind.Symmetric);
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var first = new Probe(Lab.Server, NetworkLab.ServerAddress);
        using var second = new Probe(Lab.Server, NetworkLab.ServerAddress);

        var seenByFirst = await home.SeenByAsync(first);
        var seenBySecond = await home.SeenByAsync(second);

        Assert.Equal(Lab.Left.PublicAddress, seenByFirst.Address);
        Assert.Equal(Lab.Left.PublicAddress, seenBySecond.Address);
        Assert.NotEqual(seenByFirst.Port, seenBySecond.Port);
    }

    [Theory]
    [InlineData(RouterKind.PortPreserving)]
    [InlineData(RouterKind.Symmetric)]
    public async Task A_translating_router_lets_in_only_what_the_home_has_sent_to(RouterKind kind)
    {
        await Lab.Left.SetRouterAsync(kind);
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var friend = new Probe(Lab.Server, NetworkLab.ServerAddress);
        using var stranger = new Probe(Lab.Server, NetworkLab.ServerAddress);
        var seen = await home.SeenByAsync(friend);

        stranger.Send([2], seen);
        friend.Send([3], seen);

        // Sent later over the same line, so the stranger's would have been first.
        var (data, from) = await home.ReceiveAsync();
        Assert.Equal([3], data);
        Assert.Equal(friend.EndPoint, from);
        Assert.False(home.HasMail);
    }

    [Fact]
    public async Task Two_port_preserving_routers_can_be_punched_through()
    {
        using var left = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var right = new Probe(Lab.Right.Host, Lab.Right.Address);
        var leftOutside = new IPEndPoint(Lab.Left.PublicAddress, left.EndPoint.Port);
        var rightOutside = new IPEndPoint(Lab.Right.PublicAddress, right.EndPoint.Port);

        // The first one only opens the way back. The right router drops it, unless it was slow and the second one had opened that way too.
        left.Send([1], rightOutside);
        right.Send([2], leftOutside);
        Assert.Equal(rightOutside, (await left.ReceiveAsync()).From);
        left.Send([3], rightOutside);

        var (data, from) = await right.ReceiveAsync();
        if (data is [1])
        {
            (data, from) = await right.ReceiveAsync();
        }

        Assert.Equal([3], data);
        Assert.Equal(leftOutside, from);
    }

    [Fact]
    public async Task Where_UDP_is_blocked_TCP_still_gets_out()
    {
        await Lab.Left.SetRouterAsync(RouterKind.UdpBlocked);
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);

        home.Send([1], server.EndPoint);

        Assert.True(await CanConnectAsync(80));
        Assert.True(await CanConnectAsync(443));
        // TCP came after it on the same way, and is through.
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task Where_only_TCP_443_is_allowed_nothing_else_gets_out()
    {
        await Lab.Left.SetRouterAsync(RouterKind.OnlyTcp443);
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress, 443);

        home.Send([1], server.EndPoint);

        Assert.False(await CanConnectAsync(80));
        Assert.True(await CanConnectAsync(443));
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task A_home_that_moves_is_seen_at_another_address_and_its_old_ways_are_closed()
    {
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);
        IPEndPoint before;
        using (var old = new Probe(Lab.Left.Host, Lab.Left.Address))
        {
            before = await old.SeenByAsync(server);
        }

        await Lab.Left.MoveAsync();

        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        var after = await home.SeenByAsync(server);
        Assert.Equal(Lab.Left.PublicAddress, after.Address);
        Assert.NotEqual(before.Address, after.Address);
    }

    [Fact]
    public async Task A_router_with_a_new_public_address_shows_that_one_and_the_home_keeps_its_own()
    {
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        var before = await home.SeenByAsync(server);

        await Lab.Left.RenumberAsync();

        var after = await home.SeenByAsync(server);
        Assert.Equal(Lab.Left.PublicAddress, after.Address);
        Assert.NotEqual(before.Address, after.Address);
    }

    [Fact]
    public async Task A_home_that_was_unplugged_and_plugged_in_again_has_its_network_back()
    {
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);
        await Lab.Left.UnplugAsync();
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        Assert.Throws<SocketException>(() => home.Send([1], server.EndPoint));

        await Lab.Left.PlugAsync();

        Assert.Equal(Lab.Left.PublicAddress, (await home.SeenByAsync(server)).Address);
    }

    private async Task<bool> CanConnectAsync(int port)
    {
        using var listener = Lab.Server.Call(() => new TcpListener(NetworkLab.ServerAddress, port));
        Lab.Server.Call(() =>
        {
            listener.Start();
            return true;
        });
        using var client = Lab.Left.Host.Call(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await client.ConnectAsync(new IPEndPoint(NetworkLab.ServerAddress, port), limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
