using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>Clients on TCP and TLS: framing, limits, deadlines, and that none makes another wait.</summary>
public sealed class StreamTests
{
    private const ushort Channel = 0x4001;

    [Fact]
    public async Task The_web_server_and_the_relay_share_their_ports()
    {
        await using var host = await TurnHost.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } });
        Assert.Equal("hello", await http.GetStringAsync($"http://127.0.0.1:{host.HttpPort}/"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{host.HttpsPort}/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.SendAsync(request);
        Assert.Equal("hello", await response.Content.ReadAsStringAsync());

        await using var plain = TestClient.Over(await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.HttpPort)));
        await plain.AllocateAsync();
        await using var secure = await TestClient.TlsAsync(host);
        await secure.AllocateAsync();
        Assert.Equal("hello", await http.GetStringAsync($"https://127.0.0.1:{host.HttpsPort}/"));
    }

    [Fact]
    public async Task Requests_that_come_byte_by_byte_or_several_at_once_are_answered()
    {
        await using var host = await TurnHost.StartAsync();
        await using var transport = await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port)) as StreamTransport;
        var binding = Binding();
        foreach (var one in binding)
        {
            await transport!.Stream.WriteAsync(new[] { one });
        }

        Assert.NotNull(await transport!.ReceiveAsync(TestContext.Current.CancellationToken));
        byte[] three = [.. binding, .. binding, .. binding];
        await transport.Stream.WriteAsync(three);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, (await transport.ReceiveAsync(TestContext.Current.CancellationToken))![0]); // a success response of Binding: 0x0101
        }
    }

    [Fact]
    public async Task Item_14_Bytes_that_are_not_stun_end_the_connection()
    {
        await using var host = await TurnHost.StartAsync();
        await using var transport = await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port));
        await transport.SendAsync(Binding());
        Assert.NotNull(await transport.ReceiveAsync(TestContext.Current.CancellationToken));
        await transport.SendAsync(Encoding.ASCII.GetBytes("\xFFnonsense"));
        Assert.Null(await transport.ReceiveAsync(TestContext.Current.CancellationToken));
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Item_14_A_stranger_may_send_small_frames_only()
    {
        await using var host = await TurnHost.StartAsync();
        await using var transport = await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port));
        await transport.SendAsync(Binding());
        Assert.NotNull(await transport.ReceiveAsync(TestContext.Current.CancellationToken));

        // The header announces 32 KiB, of which not one byte is waited for.
        byte[] header = [.. Binding()];
        header[2] = 0x80;
        await transport.SendAsync(header);
        Assert.Null(await transport.ReceiveAsync(TestContext.Current.CancellationToken));
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Item_14_Who_trickles_is_sent_away_like_who_says_nothing()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("StreamIdleTimeout", "00:00:01"));
        await using var transport = await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port)) as StreamTransport;
        var ended = transport!.ReceiveAsync(TestContext.Current.CancellationToken).AsTask();
        byte[] endless = [0x40, 0x00, 0x0F, 0x00];
        try
        {
            for (var i = 0; !ended.IsCompleted; i++)
            {
                await transport.Stream.WriteAsync(endless.AsMemory(Math.Min(i, 3), 1));
                await Task.WhenAny(ended, Task.Delay(100));
            }
        }
        catch (IOException)
        {
            // Closed while we wrote.
        }

        Assert.Null(await ended);
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Item_14_Who_says_nothing_is_sent_away()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("StreamIdleTimeout", "00:00:01"));
        foreach (var port in new[] { host.Port, host.HttpPort })
        {
            using var silent = new TcpClient();
            await silent.ConnectAsync(IPAddress.Loopback, port);
            Assert.Equal(0, await ReadToEndAsync(silent.GetStream()));
        }

        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Item_14_Who_asks_for_no_allocation_is_sent_away_and_who_has_one_stays()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("StreamIdleTimeout", "00:00:01"));
        await using var idle = await TestClient.TcpAsync(host);
        await using var busy = await TestClient.TcpAsync(host);
        Assert.Equal(StunErrorCode.None, await idle.RequestAsync(StunMethod.Binding, (ref StunWriter _) => { }));
        await busy.AllocateAsync();

        await idle.Closed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(busy.Closed.IsCompleted);

        // Without its allocation the other one is idle too.
        Assert.Equal(StunErrorCode.None, await busy.RefreshAsync(0));
        await busy.Closed.WaitAsync(TimeSpan.FromSeconds(20));
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task A_connection_that_ends_takes_its_allocation_along()
    {
        await using var host = await TurnHost.StartAsync();
        var client = await TestClient.TlsAsync(host);
        await client.AllocateAsync();
        Assert.Equal(1, host.Server.Snapshot.Inventory.Allocations);
        await client.DisposeAsync();
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Item_08_There_may_be_only_so_many_connections_from_one_address()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("MaxStreamsPerClientAddress", "3"));
        var admitted = new List<TestClient>();
        for (var i = 0; i < 3; i++)
        {
            admitted.Add(await TestClient.TcpAsync(host));
            await admitted[i].AllocateAsync();
        }

        await using var refused = await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port));
        Assert.Null(await refused.ReceiveAsync(TestContext.Current.CancellationToken));
        foreach (var client in admitted)
        {
            await client.DisposeAsync();
        }

        await NothingIsLeftAsync(host);
        await using var next = await TestClient.TcpAsync(host);
        await next.AllocateAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Item_14_A_client_that_does_not_read_delays_nobody_and_finds_no_old_media_later(bool isTls)
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default, ("StreamQueueBytes", "65536"), ("StreamQueueAge", "00:00:00.100"));
        await using var slow = new SlowClient(isTls ? await MessageTransport.TlsAsync(new IPEndPoint(IPAddress.Loopback, host.HttpsPort)) : await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.Port), receiveBuffer: 4096));
        await using var quick = await TestClient.TcpAsync(host);
        using var peer = new Peer();
        var toSlow = await slow.AllocateAsync(peer.Address, Channel);
        var toQuick = await quick.AllocateAsync();
        await quick.BindAsync(Channel, peer.Address);

        // Two seconds of a video that nobody reads at one end.
        var payload = new byte[1000];
        var clock = Stopwatch.StartNew();
        var sentToQuick = 0;
        var slowest = TimeSpan.Zero;
        while (clock.Elapsed < TimeSpan.FromSeconds(2))
        {
            for (var i = 0; i < 20; i++)
            {
                BitConverter.TryWriteBytes(payload, clock.ElapsedMilliseconds);
                peer.Send(toSlow, payload);
            }

            peer.Send(toQuick, BitConverter.GetBytes(clock.ElapsedMilliseconds));
            sentToQuick++;
            var received = await quick.DataAsync();
            var late = clock.Elapsed - TimeSpan.FromMilliseconds(BitConverter.ToInt64(received.Payload));
            slowest = late > slowest ? late : slowest;
            await Task.Delay(5);
        }

        Assert.True(sentToQuick > 20);
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"A packet for the quick client took {slowest}.");
        await Eventually.TrueAsync(() => host.Server.Engines.Sum(engine => engine.Counters.StreamDropped) > 0, () => "Nothing was dropped.");

        // What the slow one reads now: what lay in the buffers on the way, and then what is fresh.
        var resumed = clock.ElapsedMilliseconds;
        var stale = await slow.ReadUntilFreshAsync(() =>
        {
            BitConverter.TryWriteBytes(payload, clock.ElapsedMilliseconds);
            peer.Send(toSlow, payload);
        }, resumed);
        Assert.True(stale < 1000, $"{stale} old packets of about 7,000 were delivered all the same.");
    }

    private static byte[] Binding()
    {
        var writer = new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, new TransactionId(1, 2));
        Assert.True(writer.TryFinish(out var message));
        return message.ToArray();
    }

    private static async Task<int> ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0; // reset is an end, too
        }
    }

    private static Task NothingIsLeftAsync(TurnHost host) => Eventually.TrueAsync(
        () => host.Server.Snapshot is { Inventory.Allocations: 0, BoundPorts: 0, Sockets: 0, Streams: 0, Faults: 0 } && host.Server.Streams.Count == 0,
        () => $"{host.Server.Snapshot} {host.Server.Streams.Count}");
}
