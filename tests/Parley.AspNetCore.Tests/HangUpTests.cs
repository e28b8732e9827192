using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.AspNetCore.Tests;

/// <summary>What a participant holds at the relay ends with the stay in the room, and the next stay begins afresh.</summary>
public sealed class HangUpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("leave")]
    [InlineData("the connection is lost")]
    [InlineData("displaced")]
    public async Task Item_09_However_a_stay_ends_its_allocations_are_freed_and_its_credential_is_dead(string how)
    {
        await using var host = await ParleyHost.StartAsync(("Parley:Rooms:ResumeWindow", "00:00:00"));
        await using var a = await host.ConnectAsync();
        var joined = await a.JoinAsync("tea", how == "displaced" ? """{"stage":"lobby"}""" : "{}");
        await using var relayed = await AllocateAsync(joined);
        Assert.Equal((1, 1), Held(host));

        switch (how)
        {
            case "leave":
                await a.AskAsync("""["leave","tea"]""");
                break;
            case "displaced":
                await using (var b = await host.ConnectAsync())
                await using (var c = await host.ConnectAsync())
                {
                    await b.JoinAsync("tea");
                    await c.JoinAsync("tea");
                }

                break;
            default:
                await a.CutAsync();
                break;
        }

        await UntilNothingIsHeldAsync(host);
        Assert.Equal(StunErrorCode.Unauthenticated, await relayed.RefreshAsync(600));
        await using var another = Client(joined);
        Assert.Equal(StunErrorCode.Unauthenticated, await another.RequestAsync(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(17)));
    }

    /// <summary>The clock stands still meanwhile: the new credential expires when the dead one would have.</summary>
    [Theory]
    [InlineData("resume")]
    [InlineData("secret")]
    [InlineData("connection")]
    public async Task Whoever_comes_back_in_the_same_second_gets_in_with_the_new_credential(string by)
    {
        const string Secret = """{"secret":"0123456789abcdef0123456789abcdef"}""";
        await using var host = await ParleyHost.StartAsync();
        await using var a = await host.ConnectAsync();
        var before = await a.JoinAsync("tea", by == "secret" ? Secret : "{}");
        await using (await AllocateAsync(before))
        {
            await a.AskAsync("""["leave","tea"]""");
            await UntilNothingIsHeldAsync(host);
        }

        var after = await a.JoinAsync("tea", by switch
        {
            "resume" => $$"""{"resume":"{{before.GetProperty("resume").GetString()}}"}""",
            "secret" => Secret,
            _ => "{}",
        });

        Assert.Equal(by != "connection", Self(before) == Self(after));
        await using var relayed = await AllocateAsync(after);
        Assert.Equal((1, 1), Held(host));
    }

    [Fact]
    public async Task Over_a_reconnect_the_allocations_stay()
    {
        await using var host = await ParleyHost.StartAsync();
        await using var lost = await host.ConnectAsync();
        var before = await lost.JoinAsync("tea");
        await using var relayed = await AllocateAsync(before);
        await lost.CutAsync();
        await using var back = await host.ConnectAsync();
        var after = await back.JoinAsync("tea", $$"""{"resume":"{{before.GetProperty("resume").GetString()}}"}""");

        Assert.Equal(Self(before), Self(after));
        Assert.Equal(StunErrorCode.None, await relayed.RefreshAsync(600));

        // Both credentials belong to one stay, and end with it.
        await using var second = await AllocateAsync(after);
        Assert.Equal((2, 2), Held(host));
        await back.AskAsync("""["leave","tea"]""");
        await UntilNothingIsHeldAsync(host);
    }

    /// <summary>On demand: from sending <c>leave</c> to the moment when the relay holds nothing, as seen from outside.</summary>
    [Fact(Explicit = true)]
    public async Task How_long_hanging_up_takes()
    {
        const int Rounds = 60;
        await using var host = await ParleyHost.StartAsync();
        var took = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var a = await host.ConnectAsync();
            await using var relayed = await AllocateAsync(await a.JoinAsync("tea"));
            var start = Stopwatch.GetTimestamp();
            await a.EmitAsync("""["leave","tea"]""");
            while (Held(host) != (0, 0))
            {
                await Task.Yield();
            }

            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        took = [.. took.Skip(Rounds / 6).Order()];
        TestContext.Current.SendDiagnosticMessage($"{took.Count} hang-ups: median {took[took.Count / 2]:F2} ms, worst {took[^1]:F2} ms.");
    }

    private static string? Self(JsonElement joined) => joined.GetProperty("self").GetProperty("id").GetString();

    private static TestClient Client(JsonElement joined)
    {
        var server = joined.GetProperty("iceServers")[1];
        var udp = new Uri(server.GetProperty("urls")[0].GetString()!.Replace("turn:", "turn://", StringComparison.Ordinal));
        return new TestClient(MessageTransport.Udp(new IPEndPoint(IPAddress.Parse(udp.Host), udp.Port)))
        {
            UserName = server.GetProperty("username").GetString()!,
            Password = server.GetProperty("credential").GetString()!,
        };
    }

    private static async Task<TestClient> AllocateAsync(JsonElement joined)
    {
        var client = Client(joined);
        await client.AllocateAsync();
        return client;
    }

    private static async Task UntilNothingIsHeldAsync(ParleyHost host)
    {
        var start = Stopwatch.GetTimestamp();
        while (Held(host) is var held && held != (0, 0))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"The relay still holds {held}.");
            await Task.Delay(1);
        }
    }

    /// <summary>Allocations and relay ports, as an operator's instruments show them.</summary>
    private static (long Allocations, long Ports) Held(ParleyHost host)
    {
        long allocations = -1, ports = -1;
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name is "turn.allocations" or "turn.relay.ports")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _ = instrument.Name == "turn.allocations" ? allocations = value : ports = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return (allocations, ports);
    }
}
