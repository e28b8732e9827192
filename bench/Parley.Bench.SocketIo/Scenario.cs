using System.Diagnostics;

namespace Parley.Bench.SocketIo;

/// <summary>One figure that a scenario yields.</summary>
/// <param name="name">What it says in the table.</param>
/// <param name="unit">Its unit.</param>
/// <param name="digits">Digits behind the point.</param>
internal sealed class Figure(string name, string unit, int digits = 0)
{
    public string Name => name;

    public string Unit => unit;

    public int Digits => digits;
}

/// <summary>A load, and what is measured under it.</summary>
internal sealed record Scenario(string Name, Func<ServerUnderTest, Durations, Dictionary<Figure, double>> Measure)
{
    private const int Many = 10_000;
    private const int PerSecond = 3000;

    private static readonly Figure PingPongPerCpu = new("100 rooms of two, 289 B, one message under way in each: messages", "per CPU s");
    private static readonly Figure PingPongPerSecond = new("the same: messages", "per s");
    private static readonly Figure PingPongP99 = new("the same: p99", "ms", 2);
    private static readonly Figure CallsPerCpu = new("50 at once connect, join, exchange 20 messages, leave: calls", "per CPU s");
    private static readonly Figure CallsP99 = new("the same: p99 of a call", "ms", 1);
    private static readonly Figure HandshakeCpu = new("10,000 connect and join: CPU", "ms each", 3);
    private static readonly Figure IdleBytes = new("10,000 idle connections: RSS", "KB each", 1);
    private static readonly Figure PacedP50 = new("10,000 connections, 3,000 messages/s: p50", "ms", 2);
    private static readonly Figure PacedP99 = new("the same: p99", "ms", 2);
    private static readonly Figure PacedPerCpu = new("the same: messages", "per CPU s");
    private static readonly Figure StormTime = new("10,000 cut, back 1,000 at once: all are back after", "s", 2);
    private static readonly Figure StormP99 = new("the same: p99 of a connection", "s", 2);
    private static readonly Figure StormCpu = new("the same: CPU", "s", 2);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ping-pong", PingPong),
        new("calls", Calls),
        new("many", TenThousand),
    ];

    private static Dictionary<Figure, double> PingPong(ServerUnderTest server, Durations durations)
    {
        using var fleet = new Fleet(200, server.Port);
        fleet.ConnectAll(50);
        var load = new PingPongLoad(fleet);
        load.Run(durations.WarmUp);
        var (cpu, time) = Timed(server, load, durations.Measured);
        return new()
        {
            [PingPongPerCpu] = load.Done / cpu,
            [PingPongPerSecond] = load.Done / time,
            [PingPongP99] = load.Times.PercentileMicroseconds(0.99) / 1e3,
        };
    }

    private static Dictionary<Figure, double> Calls(ServerUnderTest server, Durations durations)
    {
        using var fleet = new Fleet(100, server.Port);
        var load = new CallLoad(fleet);
        load.Run(durations.WarmUp);
        var (cpu, _) = Timed(server, load, durations.Measured);
        var result = new Dictionary<Figure, double> { [CallsPerCpu] = load.Done / cpu, [CallsP99] = load.Times.PercentileMicroseconds(0.99) / 1e3 };
        load.Finish();
        return result;
    }

    private static Dictionary<Figure, double> TenThousand(ServerUnderTest server, Durations durations)
    {
        using (var first = new Fleet(500, server.Port))
        {
            first.ConnectAll(100);
            new PingPongLoad(first).Run(durations.WarmUp);
        }

        using var fleet = new Fleet(Many, server.Port);
        fleet.PollFor(TimeSpan.FromSeconds(1));
        server.Collect();
        var memory = server.ResidentBytes;
        var cpu = server.CpuSeconds;
        fleet.ConnectAll(200);
        var handshakes = server.CpuSeconds - cpu;
        fleet.PollFor(TimeSpan.FromSeconds(1));
        server.Collect();
        memory = server.ResidentBytes - memory;

        var load = new PacedLoad(fleet, PerSecond);
        load.Run(durations.WarmUp);
        var (pacedCpu, _) = Timed(server, load, 2 * durations.Measured);
        fleet.PollFor(TimeSpan.FromSeconds(1));

        cpu = server.CpuSeconds;
        var clock = Stopwatch.StartNew();
        fleet.CutAll();
        var times = fleet.ConnectAll(1000);
        return new()
        {
            [HandshakeCpu] = handshakes * 1e3 / Many,
            [IdleBytes] = memory / 1024.0 / Many,
            [PacedP50] = load.Times.PercentileMicroseconds(0.5) / 1e3,
            [PacedP99] = load.Times.PercentileMicroseconds(0.99) / 1e3,
            [PacedPerCpu] = load.Done / pacedCpu,
            [StormTime] = clock.Elapsed.TotalSeconds,
            [StormP99] = times.PercentileMicroseconds(0.99) / 1e6,
            [StormCpu] = server.CpuSeconds - cpu,
        };
    }

    private static (double Cpu, double Time) Timed(ServerUnderTest server, Load load, TimeSpan time)
    {
        load.Reset();
        var cpu = server.CpuSeconds;
        var clock = Stopwatch.StartNew();
        load.Run(time);
        return load.Done > 0 ? (server.CpuSeconds - cpu, clock.Elapsed.TotalSeconds) : throw new InvalidOperationException("Nothing was delivered.");
    }
}

internal sealed record Durations(TimeSpan WarmUp, TimeSpan Measured);
