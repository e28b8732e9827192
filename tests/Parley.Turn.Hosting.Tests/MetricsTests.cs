using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>What an operator sees.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task The_instruments_tell_what_happened()
    {
        await using var host = await TurnHost.StartAsync(EngineKind.Default);
        await using var udp = TestClient.Udp(host);
        await using var tls = await TestClient.TlsAsync(host);
        await udp.AllocateAsync();
        await tls.AllocateAsync();
        await udp.BindAsync(0x4001, tls.RelayedAddress);
        await tls.BindAsync(0x4001, udp.RelayedAddress);
        using var peer = new Peer();
        await udp.BindAsync(0x4002, peer.Address);
        await udp.SendAsync(0x4001, new byte[100]);
        await tls.DataAsync();
        await udp.SendAsync(0x4002, new byte[10]);
        await peer.ReceiveAsync();
        await udp.SendAsync(0x4003, new byte[10]);
        Assert.Equal(StunErrorCode.None, await udp.RequestAsync(StunMethod.Binding, (ref StunWriter _) => { }));

        var seen = Read(host);

        Assert.Equal(2, seen["turn.allocations"]);
        Assert.Equal(2, seen["turn.allocations.created"]);
        Assert.Equal(2, seen["turn.relay.ports"]);
        Assert.Equal(1, seen["turn.streams"]);
        Assert.Equal(110, seen["turn.relayed network.transport=udp direction=from_client"]);
        Assert.Equal(100, seen["turn.relayed network.transport=tls direction=to_client"]);
        Assert.Equal(2, seen["turn.relayed.packets network.transport=udp direction=from_client"]);
        Assert.Equal(1, seen["turn.handed_over.packets"]);
        Assert.Equal(1, seen["turn.bindings"]);
        Assert.Equal(2, seen["turn.refusals error.type=401"]);
        Assert.Equal(1, seen["turn.drops reason=no_channel"]);
        Assert.Equal(0, seen["turn.drops reason=stream_too_slow"]);
        Assert.Equal(0, seen["turn.engine.faults"]);

        // The engine tells of what it holds once it has answered everything that came.
        Assert.Equal(StunErrorCode.None, await udp.RefreshAsync(0));
        await Eventually.TrueAsync(() => Read(host)["turn.allocations"] == 1, () => $"{host.Server.Snapshot}");
        Assert.Equal(1, Read(host)["turn.allocations.ended reason=released"]);
    }

    [Fact]
    public async Task Item_10_No_instrument_and_no_log_line_names_a_client()
    {
        const string Hostile = "%n%s\r\n<script>\u202E";
        await using var host = await TurnHost.StartAsync(EngineKind.Default);
        await using var client = TestClient.Udp(host);
        var credential = TimeLimitedCredential.Mint(TurnHost.Secret, Hostile, DateTimeOffset.UtcNow.AddMinutes(5));
        (client.UserName, client.Password) = (credential.Username, credential.Password);
        await client.AllocateAsync();
        await host.Server.RevokeAsync(Hostile, DateTimeOffset.UtcNow.AddHours(1));

        string[] tags = ["network.transport", "direction", "reason", "error.type"];
        Assert.All(Read(host).Keys, key => Assert.All(key.Split(' ')[1..], tag => Assert.Contains(tag.Split('=')[0], tags)));
        Assert.All(Read(host).Keys, key => Assert.Matches("^[a-z0-9_.= ]+$", key));
        Assert.DoesNotContain(host.Logs.OfRelay, entry => entry.Message.Contains("script", StringComparison.Ordinal) || entry.Message.Contains(credential.Password, StringComparison.Ordinal));
    }

    /// <summary>All instruments of this host, by name and tags.</summary>
    private static ConcurrentDictionary<string, long> Read(TurnHost host)
    {
        var seen = new ConcurrentDictionary<string, long>();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Other tests run beside this one; the scope is the host's own.
                if (instrument.Meter.Name == TurnMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen[Name(instrument, tags)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var tag in tags)
        {
            name += $" {tag.Key}={tag.Value}";
        }

        return name;
    }
}
