using System.Diagnostics;

namespace Parley.Lab.Tests;

/// <summary>Lines treat packets as they were told to; measured with probes, not with the line's own counters.</summary>
public sealed class LineTests(SharedLab shared) : LabTest(shared)
{
    [Fact]
    public async Task A_delay_of_40_ms_each_way_gives_a_round_trip_of_80_ms()
    {
        Lab.SetLines(new LineConditions { Delay = TimeSpan.FromMilliseconds(40) });
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);

        var times = new List<double>();
        for (var i = 0; i < 15; i++)
        {
            var clock = Stopwatch.StartNew();
            var seen = await home.SeenByAsync(server);
            server.Send([2], seen);
            await home.ReceiveAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        // The shortest is the line's; the others also hold what the machine was busy with.
        TestContext.Current.TestOutputHelper?.WriteLine($"round trips, ms: {string.Join(' ', times.Order().Select(time => time.ToString("0.0", null)))}");
        Assert.InRange(times.Min(), 80, 84);
        Assert.InRange(times.Order().ElementAt(times.Count / 2), 80, 95);
    }

    [Fact]
    public async Task The_way_between_the_homes_is_both_lines_long()
    {
        Lab.SetLines(new LineConditions { Delay = TimeSpan.FromMilliseconds(40) });
        await Lab.Left.SetRouterAsync(RouterKind.Open);
        await Lab.Right.SetRouterAsync(RouterKind.Open);
        using var left = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var right = new Probe(Lab.Right.Host, Lab.Right.Address);

        var clock = Stopwatch.StartNew();
        await left.SeenByAsync(right);

        Assert.InRange(clock.Elapsed.TotalMilliseconds, 80, 120);
    }

    [Fact]
    public async Task A_loss_of_30_percent_loses_about_that_many()
    {
        const int Rounds = 20;
        const int Burst = 50;
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);

        var received = 0;
        for (var round = 0; round < Rounds; round++)
        {
            Lab.SetLines(new LineConditions { Loss = 0.3 });
            var before = Lab.Left.Line.Carried + Lab.Left.Line.Lost;
            for (var i = 0; i < Burst; i++)
            {
                home.Send([1], server.EndPoint);
            }

            Assert.True(SpinWait.SpinUntil(() => Lab.Left.Line.Carried + Lab.Left.Line.Lost >= before + Burst, TimeSpan.FromSeconds(5)));
            Lab.SetLines(LineConditions.Perfect);
            home.Send([2], server.EndPoint);
            while ((await server.ReceiveAsync()).Data is [1])
            {
                received++;
            }
        }

        // Four standard deviations of a binomial distribution are 0.058.
        Assert.InRange(received / (double)(Rounds * Burst), 0.64, 0.76);
    }

    [Fact]
    public async Task A_rate_of_64_kbit_per_second_spaces_packets_out_and_drops_what_would_wait_too_long()
    {
        const int Payload = 372; // With IP and UDP headers 400 bytes: 50 ms each at this rate.
        Lab.SetLines(new LineConditions { BitsPerSecond = 64_000, Queue = TimeSpan.FromMilliseconds(325) });
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);

        for (var i = 0; i < 20; i++)
        {
            home.Send(new byte[Payload], server.EndPoint);
        }

        await server.ReceiveAsync();
        var clock = Stopwatch.StartNew();
        var further = 0;
        for (var next = server.ReceiveAsync(); await Task.WhenAny(next, Task.Delay(500, TestContext.Current.CancellationToken)) == next; next = server.ReceiveAsync())
        {
            await next;
            further++;
            clock.Stop();
            if (further < 6)
            {
                clock.Start();
            }
        }

        // One on its way and those that wait less than the queue allows: 0, 50, … 300 ms.
        Assert.Equal(6, further);
        Assert.InRange(clock.Elapsed.TotalMilliseconds, 280, 340);
    }

    [Fact]
    public async Task A_cut_line_loses_everything_and_a_mended_one_carries_again()
    {
        using var home = new Probe(Lab.Left.Host, Lab.Left.Address);
        using var server = new Probe(Lab.Server, NetworkLab.ServerAddress);
        await home.SeenByAsync(server);

        Lab.Left.Line.Cut();
        var lost = Lab.Left.Line.Lost;
        home.Send([1], server.EndPoint);
        Assert.True(SpinWait.SpinUntil(() => Lab.Left.Line.Lost > lost, TimeSpan.FromSeconds(5)));
        Lab.Left.Line.Mend();
        home.Send([2], server.EndPoint);

        Assert.Equal([2], (await server.ReceiveAsync()).Data);
        Assert.False(server.HasMail);
    }
}
