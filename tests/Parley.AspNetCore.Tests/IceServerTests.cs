using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Parley.AspNetCore.Tests;

/// <summary>What participants are told of relays, and that it ends with the call.</summary>
public sealed class IceServerTests
{
    private const string Secret = "a secret that the test knows";

    [Fact]
    public async Task Each_participant_gets_the_relay_with_a_credential_of_their_own()
    {
        await using var host = await ParleyHost.StartAsync(("Parley:Turn:Secret", Secret));
        await using var a = await host.ConnectAsync();
        await using var b = await host.ConnectAsync();
        var first = (await a.JoinAsync("tea")).GetProperty("iceServers");
        var second = (await b.JoinAsync("tea")).GetProperty("iceServers");

        Assert.Equal(2, first.GetArrayLength());
        Assert.Matches(@"^stun:127\.0\.0\.1:\d+$", first[0].GetProperty("urls")[0].GetString());
        Assert.False(first[0].TryGetProperty("username", out _));

        string?[] urls = [.. first[1].GetProperty("urls").EnumerateArray().Select(url => url.GetString())];
        Assert.Matches(@"^turn:127\.0\.0\.1:\d+\?transport=udp$", urls[0]);
        Assert.Equal($"turn:127.0.0.1:{host.Url.Port}?transport=tcp", urls[1]);

        var username = first[1].GetProperty("username").GetString()!;
        Assert.NotEqual(username, second[1].GetProperty("username").GetString());
        Assert.Equal(Hmac(Secret, username), first[1].GetProperty("credential").GetString());
        Assert.Equal(host.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), long.Parse(username.Split(':')[0], null));
        Assert.DoesNotContain("tea", username, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Item_15_Credentials_come_only_with_a_seat_a_few_at_a_time_and_for_an_hour_at_most()
    {
        await using var host = await ParleyHost.StartAsync();
        await using var a = await host.ConnectAsync();
        await using var b = await host.ConnectAsync();
        await using var third = await host.ConnectAsync();
        var expiry = long.Parse((await a.JoinAsync("tea")).GetProperty("iceServers")[1].GetProperty("username").GetString()!.Split(':')[0], null);
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(expiry) - host.Clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromHours(1));

        // Whoever gets no seat gets no credential.
        await b.JoinAsync("tea");
        var refused = await third.JoinAsync("tea");
        Assert.Equal("ROOM_FULL", refused.GetProperty("code").GetString());
        Assert.False(refused.TryGetProperty("iceServers", out _));

        // And whoever collects seats for their credentials is slowed down.
        var granted = 0;
        for (var i = 0; i < 30; i++)
        {
            var room = $"room-{i}";
            granted += (await third.JoinAsync(room)).GetProperty("ok").GetBoolean() ? 1 : 0;
            await third.AskAsync($$"""["leave","{{room}}"]""");
        }

        Assert.InRange(granted, 1, 10);
    }

    [Fact]
    public async Task New_credentials_come_before_the_old_ones_expire()
    {
        await using var host = await ParleyHost.StartAsync();
        await using var a = await host.ConnectAsync();
        var joined = await a.JoinAsync("tea");
        var before = joined.GetProperty("iceServers")[1].GetProperty("username").GetString();

        // In steps well below the ping timeout, the pong to each ping being there before the next: a second answer comes after it.
        for (var i = 0; i < 30 * 60 / 5; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(5));
            await a.ExpectAliveAsync();
            await a.ExpectAliveAsync();
        }

        using var renewed = JsonDocument.Parse(await a.NextAsync());
        Assert.Equal("ice-servers", renewed.RootElement[0].GetString());
        Assert.Equal("tea", renewed.RootElement[1].GetString());
        var after = renewed.RootElement[2][1].GetProperty("username").GetString();
        Assert.NotEqual(before, after);
        Assert.Equal(before!.Split(':')[1..], after!.Split(':')[1..]);
    }

    [Fact]
    public async Task Further_servers_are_handed_out_with_fixed_or_minted_credentials()
    {
        await using var host = await ParleyHost.StartAsync(
            ("Parley:Turn:Enabled", "false"),
            ("Parley:Turn:Servers:0:Urls:0", "turn:fixed.example.org"),
            ("Parley:Turn:Servers:0:Username", "user"),
            ("Parley:Turn:Servers:0:Credential", "password"),
            ("Parley:Turn:Servers:1:Urls:0", "turns:fleet.example.org:443?transport=tcp"),
            ("Parley:Turn:Servers:1:Secret", Secret),
            ("Parley:Turn:Servers:2:Urls:0", "stun:stun.example.org"));
        await using var a = await host.ConnectAsync();
        var servers = (await a.JoinAsync("tea")).GetProperty("iceServers");

        Assert.Equal(3, servers.GetArrayLength());
        Assert.Equal("""{"urls":["turn:fixed.example.org"],"username":"user","credential":"password"}""", servers[0].GetRawText());
        Assert.Equal(Hmac(Secret, servers[1].GetProperty("username").GetString()!), servers[1].GetProperty("credential").GetString());
        Assert.Equal("""{"urls":["stun:stun.example.org"]}""", servers[2].GetRawText());
    }

    [Fact]
    public async Task The_public_address_decides_what_clients_are_told()
    {
        await using var host = await ParleyHost.StartAsync(("Parley:PublicUrl", "https://call.example.org"));
        await using var a = await host.ConnectAsync();
        var urls = (await a.JoinAsync("tea")).GetProperty("iceServers")[1].GetProperty("urls").EnumerateArray().Select(url => url.GetString());
        Assert.Equal(["udp", "tcp", "tls"], urls.Select(url => url switch
        {
            "turns:call.example.org:443?transport=tcp" => "tls",
            { } turn when turn.StartsWith("turn:call.example.org:", StringComparison.Ordinal) => turn[^3..],
            _ => url,
        }));
    }

#pragma warning disable CA5350 // The scheme of coturn's use-auth-secret is HMAC-SHA-1.
    private static string Hmac(string secret, string username) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
}
