using System.Diagnostics;
using System.Globalization;

namespace Parley.Bench.Turn;

/// <summary>What one server did under one load.</summary>
internal sealed record Measurement(double NanosecondsPerPacket, long Delivered, long Lost, long Garbled, double PacketsPerSecond, double P50Microseconds, double P99Microseconds, double ServerLoad);

/// <summary>Runs scenarios against servers in alternating rounds, each time with a fresh server.</summary>
internal sealed class Comparison(string serverCore, TimeSpan warmUp, TimeSpan duration)
{
    public List<(string Scenario, string Server, Measurement Result)> Results { get; } = [];

    public void Run(IReadOnlyList<Scenario> scenarios, IReadOnlyList<string> servers, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var scenario in scenarios)
            {
                // Whoever went second goes first in the next round.
                foreach (var server in round % 2 == 0 ? servers : servers.Reverse())
                {
                    var result = Measure(scenario, server);
                    Results.Add((scenario.Name, server, result));
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"round {round + 1}  {scenario.Name,-18} {server,-8} {result.NanosecondsPerPacket,7:F0} ns/packet  {result.PacketsPerSecond / 1000,6:F0} kpps  core {result.ServerLoad,4:P0}  lost {result.Lost,6}  p50 {result.P50Microseconds,6:F0} us  p99 {result.P99Microseconds,7:F0} us"));
                }
            }
        }
    }

    private Measurement Measure(Scenario scenario, string server)
    {
        var port = 10000 + Random.Shared.Next(5000);
        using var process = Servers.All[server](serverCore, port);
        using var flows = Flows.Open(scenario, process, port);
        using var generator = new LoadGenerator(scenario, flows.Pairs);
        generator.Run(warmUp);
        generator.ResetCounts();

        var processorBefore = process.ProcessorNanoseconds;
        var clock = Stopwatch.StartNew();
        generator.Run(duration);
        var processor = process.ProcessorNanoseconds - processorBefore;
        var elapsed = clock.Elapsed;
        var delivered = generator.Delivered;
        generator.Drain();
        if (generator.Garbled > 0 || delivered == 0)
        {
            throw new InvalidOperationException($"{server} delivered {delivered} packets and {generator.Garbled} garbled ones in {scenario.Name}.");
        }

        return new Measurement(
            (double)processor / delivered,
            delivered,
            generator.Lost,
            generator.Garbled,
            delivered / elapsed.TotalSeconds,
            generator.Latency.PercentileMicroseconds(0.5),
            generator.Latency.PercentileMicroseconds(0.99),
            processor / (elapsed.TotalSeconds * 1e9));
    }
}
