using System.Text;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>Ten thousand connections come and go in every rude way, and nothing is left of them.</summary>
[Collection(nameof(Alone))]
public sealed class SoakTests
{
    private const int WarmUp = 2_000;
    private const int Connections = 10_000;
    private const int AtOnce = 50;
    private const int MaxPayloadBytes = 4_096;

    // What a garbage collector may see differently from one time to the next; one leaked kilobyte for each connection would be eight times this.
    private const long FlatBytes = 1_000_000;

    [Fact]
    public async Task After_ten_thousand_rude_connections_nothing_is_left()
    {
        await using var server = await TestServer.StartAsync(
            io =>
            {
                io.OnConnection(socket => { socket.Join("room " + socket.Id); socket.Join("everybody"); });
                io.On("echo", received => { received.Socket.Emit("echo", received.ToArguments()); });
                io.On("slow", async received =>
                {
                    await Task.Yield();
                    received.Socket.To("everybody").Emit("said", received.ToArguments());
                });
            },
            options =>
            {
                options.MaxPayloadBytes = MaxPayloadBytes;
                options.PingInterval = options.PingTimeout = TimeSpan.FromMilliseconds(500);
                options.ConnectTimeout = options.UpgradeTimeout = options.AttachmentTimeout = TimeSpan.FromMilliseconds(500);
            });

        await RunAsync(server, 0, WarmUp);
        await AssertNothingLeftAsync(server);
        var before = Alone.BytesInUse();
        await RunAsync(server, WarmUp, Connections);
        await AssertNothingLeftAsync(server);
        Assert.InRange(Alone.BytesInUse() - before, long.MinValue, FlatBytes);
    }

    private static Task RunAsync(TestServer server, int from, int to) => Parallel.ForEachAsync(
        Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
        async (i, _) =>
        {
            using var raw = await RawHttp.ConnectAsync(server.Url);
            try
            {
                await BeRudeAsync(server.Url, raw, i);
            }
            catch (IOException)
            {
                // The server has had enough of it, as it may.
            }
        });

    private static async Task BeRudeAsync(Uri url, RawHttp raw, int i)
    {
        switch (i % 16)
        {
            case 0:
                await raw.SendAsync("GET /socket.io/?EIO=4&trans");
                break;
            case 1:
                await raw.SendAsync(Get("transport=polling"));
                break;
            case 2:
                var sid = await OpenAsync(raw);
                await raw.SendAsync(Get($"transport=polling&sid={sid}"));
                break;
            case 3:
                sid = await OpenAsync(raw);
                await raw.SendAsync($"POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n40");
                break;
            case 4:
                sid = await OpenAsync(raw);
                await raw.SendAsync(Post(sid, "40\u001e42[\"echo\",1]\u001e42[\"slow\",2]"));
                await raw.ReadUntilAsync("ok");
                break;
            case 5:
                sid = await OpenAsync(raw);
                await raw.SendAsync(Post(sid, new string('x', MaxPayloadBytes + 1)));
                await raw.ReadUntilAsync("413");
                break;
            case 6:
                sid = await OpenAsync(raw);
                using (var upgrade = await RawHttp.ConnectAsync(url))
                {
                    await upgrade.SendAsync(RawHttp.Upgrade(url, $"/socket.io/?EIO=4&transport=websocket&sid={sid}"));
                    await upgrade.ReadUntilAsync("101");
                    await upgrade.SendAsync(Frame("2probe"));
                    await upgrade.ReadUntilAsync("3probe");
                    await upgrade.SendAsync(i % 32 < 16 ? Frame("5") : []);
                }

                break;
            case 7:
                await raw.SendAsync(RawHttp.Upgrade(url, "/socket.io/?EIO=4&transport=websocket"));
                break;
            case 8:
                await JoinAsync(url, raw);
                break;
            case 9:
                await JoinAsync(url, raw);
                await raw.SendAsync(Frame("42[\"slow\",\"and gone\"]"));
                break;
            case 10:
                await JoinAsync(url, raw);
                await raw.SendAsync([0x81, 0xfe, 0x04, 0x00, 0, 0, 0, 0, (byte)'4', (byte)'2']);
                break;
            case 11:
                await JoinAsync(url, raw);
                await raw.SendAsync(Frame("42[\"echo\"," + new string('x', MaxPayloadBytes)));
                await raw.ReadToEndAsync();
                break;
            case 12:
                await JoinAsync(url, raw);
                await raw.SendAsync(Frame("4junk"));
                await raw.ReadToEndAsync();
                break;
            case 13:
                await JoinAsync(url, raw);
                await raw.SendAsync(Frame("452-[\"echo\",{\"_placeholder\":true,\"num\":0}]"));
                break;
            case 14 when i % 160 == 14:
                // Silent: the server must find out by itself.
                await JoinAsync(url, raw);
                await raw.ReadToEndAsync();
                break;
            case 14:
                await JoinAsync(url, raw);
                await raw.SendAsync(Frame("41"));
                break;
            default:
                await JoinAsync(url, raw);
                await raw.SendAsync([0x88, 0x80, 0, 0, 0, 0]);
                await raw.ReadToEndAsync();
                break;
        }
    }

    private static async Task AssertNothingLeftAsync(TestServer server)
    {
        await Eventually.HoldsAsync(() => server.Io.ConnectionCount == 0, "The end of all connections");
        await Eventually.HoldsAsync(() => server.Io.Engine.SessionCount == 0, "The forgetting of all sessions");
        await Eventually.HoldsAsync(() => server.Io.SocketCount == 0, "The end of all sockets' handlers");
        Assert.Equal(0, server.Io.Default.Count);
        Assert.Equal(0, server.Io.Default.Rooms.Count);
        Assert.Equal(0, server.Io.Engine.QueuedBytes);
        Assert.Equal(0, server.Io.Engine.Wheel.Count);
    }

    private static async Task<string> OpenAsync(RawHttp raw)
    {
        await raw.SendAsync(Get("transport=polling"));
        var answer = await raw.ReadUntilAsync("\"maxPayload\"");
        return answer.Substring(answer.IndexOf("\"sid\":\"", StringComparison.Ordinal) + 7, 20);
    }

    private static async Task JoinAsync(Uri url, RawHttp raw)
    {
        await raw.SendAsync(RawHttp.Upgrade(url, "/socket.io/?EIO=4&transport=websocket"));
        await raw.ReadUntilAsync("0{");
        await raw.SendAsync(Frame("40"));
        await raw.ReadUntilAsync("40{");
    }

    private static string Get(string query) => $"GET /socket.io/?EIO=4&{query} HTTP/1.1\r\nHost: x\r\n\r\n";

    private static string Post(string sid, string body) => $"POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    // A text frame of a client, masked with zeros.
    private static byte[] Frame(string text)
    {
        var payload = Encoding.ASCII.GetBytes(text);
        return payload.Length < 126
            ? [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]
            : [0x81, 0xfe, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];
    }
}
