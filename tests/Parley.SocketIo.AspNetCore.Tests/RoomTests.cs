using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

public sealed class RoomTests
{
    [Fact]
    public async Task Everybody_others_and_rooms_are_reached_and_each_once()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        await using var a = await JoinAsync(server);
        await using var b = await JoinAsync(server);
        await using var c = await JoinAsync(server);
        a.Socket.Join("x");
        b.Socket.Join("x");
        b.Socket.Join("y");
        c.Socket.Join("y");

        Assert.Equal(3, server.Io.Emit("all"));
        Assert.Equal(2, a.Socket.Broadcast.Emit("others"));
        Assert.Equal(3, server.Io.To("x", "y").Emit("union"));
        Assert.Equal(3, server.Io.To("x").To("y", "nobody").Emit("union-again"));
        Assert.Equal(1, server.Io.To("x").Except("y").Emit("x-not-y"));
        Assert.Equal(1, a.Socket.To("x").Emit("x-but-me"));
        Assert.Equal(1, server.Io.To(c.Socket.Id).Emit("by-id"));
        Assert.Equal(2, server.Io.Except(c.Socket.Id).Emit("all-but-c"));
        Assert.Equal(0, server.Io.To("nobody").Emit("nobody"));
        await AssertReceivedAsync(a, "all", "union", "union-again", "x-not-y", "all-but-c");
        await AssertReceivedAsync(b, "all", "others", "union", "union-again", "x-but-me", "all-but-c");
        await AssertReceivedAsync(c, "all", "others", "union", "union-again", "by-id");
    }

    [Fact]
    public async Task A_socket_leaves_its_rooms_with_its_end_and_empty_rooms_vanish()
    {
        var roomsWhileDisconnecting = new TaskCompletionSource<int>();
        var roomsAfter = new TaskCompletionSource<int>();
        await using var server = await TestServer.StartAsync(io => io.OnConnection(socket =>
        {
            socket.OnDisconnecting(_ => roomsWhileDisconnecting.SetResult(socket.Rooms.Count));
            socket.OnDisconnect(_ => roomsAfter.SetResult(socket.Rooms.Count));
        }));
        var a = await JoinAsync(server);
        Assert.True(a.Socket.Join("x"));
        Assert.True(a.Socket.Join("x"));
        Assert.True(a.Socket.Join("y"));
        a.Socket.Leave("y");
        a.Socket.Leave("never joined");
        Assert.Equal(["x"], a.Socket.Rooms);
        Assert.Equal(1, server.Io.Default.Rooms.Count);
        a.Wire.Abort();
        Assert.Equal(1, await Eventually.ComesAsync(roomsWhileDisconnecting));
        Assert.Equal(0, await Eventually.ComesAsync(roomsAfter));
        Assert.Equal(0, server.Io.Default.Rooms.Count);
        Assert.False(a.Socket.Join("x"));
        Assert.Equal(0, server.Io.Default.Rooms.Count);
    }

    [Fact]
    public async Task Many_can_be_moved_at_once()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        await using var a = await JoinAsync(server);
        await using var b = await JoinAsync(server);
        server.Io.Default.All.Join("x");
        Assert.Equal(2, server.Io.To("x").Sockets().Count);
        server.Io.To(a.Socket.Id).Leave("x");
        Assert.Equal([b.Socket], server.Io.To("x").Sockets());
        server.Io.To("x").Disconnect();
        Assert.Equal("41", await b.Wire.ReceiveAsync());
        Assert.Equal([a.Socket], server.Io.Default.Sockets);
    }

    [Fact]
    public async Task Rooms_of_one_namespace_are_not_those_of_another()
    {
        await using var server = await TestServer.StartAsync(io => io.Of("/admin"));
        await using var a = await JoinAsync(server);
        await a.Wire.SendAsync("40/admin,");
        Assert.StartsWith("40/admin,", await a.Wire.ReceiveAsync(), StringComparison.Ordinal);
        var admin = await server.OnlySocketAsync("/admin");
        admin.Join("x");
        Assert.Equal(0, server.Io.To("x").Emit("e"));
        Assert.Equal(1, server.Io.Of("admin").To("x").Emit("e"));
        Assert.Equal("42/admin,[\"e\"]", await a.Wire.ReceiveAsync());
    }

    [Fact]
    public async Task Attachments_reach_all_of_a_room()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        await using var a = await JoinAsync(server);
        await using var b = await JoinAsync(server);
        server.Io.Emit("e", SocketIoArgument.Binary(new byte[] { 1, 2 }));
        foreach (var member in new[] { a, b })
        {
            Assert.Equal("451-[\"e\",{\"_placeholder\":true,\"num\":0}]", await member.Wire.ReceiveAsync());
            Assert.Equal("<0102>", await member.Wire.ReceiveAsync());
        }
    }

    private static async Task AssertReceivedAsync(Member member, params string[] events)
    {
        member.Socket.Emit("end");
        foreach (var name in events.Append("end"))
        {
            Assert.Equal($"42[\"{name}\"]", await member.Wire.ReceiveAsync());
        }
    }

    private static async Task<Member> JoinAsync(TestServer server)
    {
        var wire = await WireSocket.OpenAsync(server.Url);
        await wire.SendAsync("40");
        var id = (await wire.ReceiveAsync())[10..^2];
        SocketIoSocket? socket = null;
        await Eventually.HoldsAsync(() => server.Io.Default.TryGetSocket(id, out socket), "The socket");
        return new Member(wire, socket!);
    }

    private sealed record Member(WireSocket Wire, SocketIoSocket Socket) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Wire.DisposeAsync();
    }
}
