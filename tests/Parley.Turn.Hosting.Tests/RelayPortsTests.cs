namespace Parley.Turn.Hosting.Tests;

/// <summary>Which ports relays get.</summary>
public sealed class RelayPortsTests
{
    [Fact]
    public void Ports_are_chosen_at_random()
    {
        // The chance that two rows of eight are equal by accident is one in 10^33.
        Assert.NotEqual(Eight(), Eight());

        static List<int> Eight()
        {
            var ports = new RelayPorts(49152, 65535);
            return [.. Enumerable.Range(0, 8).Select(_ => Take(ports, RelayPort.Any))];
        }
    }

    [Fact]
    public void Every_port_of_the_range_is_used_once_and_may_be_used_again()
    {
        var ports = new RelayPorts(50001, 50010);
        Assert.Equal(Enumerable.Range(50001, 10), Enumerable.Range(0, 10).Select(_ => Take(ports, RelayPort.Any)).Order());
        Assert.False(ports.TryTake(RelayPort.Any, out _));
        ports.Return(50004);
        Assert.Equal(50004, Take(ports, RelayPort.Any));
        Assert.Equal(10, ports.Count);
    }

    [Fact]
    public void A_pair_begins_even_and_stays_within_the_range()
    {
        var ports = new RelayPorts(50001, 50004);
        Assert.Equal(50002, Take(ports, RelayPort.EvenAndNext));
        Assert.False(ports.TryTake(RelayPort.EvenAndNext, out _));
        Assert.Equal(50004, Take(ports, RelayPort.Even));
        Assert.Equal(50001, Take(ports, RelayPort.Any));
        Assert.Equal(4, ports.Count);
    }

    private static int Take(RelayPorts ports, RelayPort kind)
    {
        Assert.True(ports.TryTake(kind, out var port));
        return port;
    }
}
