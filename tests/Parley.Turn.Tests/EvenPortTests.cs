using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>EVEN-PORT and RESERVATION-TOKEN: RFC 8656 section 7.2.</summary>
public sealed class EvenPortTests
{
    private readonly TurnHarness _server = new();

    [Fact]
    public void An_even_port_without_reservation_takes_one_port()
    {
        new TurnClient(_server, "203.0.113.9:1").Allocated();
        var client = new TurnClient(_server);
        var outputs = client.AllocateOutputs(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: false));
        Assert.Equal(RelayPort.Even, Assert.IsType<Output.RelayWanted>(outputs[0]).Request.Port);
        var reply = new Reply(Assert.IsType<Output.Sent>(outputs[1]).Bytes);
        Assert.Equal("198.51.100.1:49154", reply.RelayedAddress);
        Assert.False(reply.Message.Contains(StunAttributeType.ReservationToken));
        Assert.Equal(2, _server.Registry.TakeInventory().Allocations);
    }

    [Fact]
    public void A_reserved_port_goes_to_whoever_brings_the_token_from_any_shard()
    {
        var first = new TurnClient(_server);
        var token = Reserve(first);
        Assert.Equal(2, _server.Registry.TakeInventory().Allocations);

        var shard = new TurnHarness(_server.Registry) { Engine = static _ => EngineAnswer.Wait };
        var second = new TurnClient(shard, "203.0.113.50:40000", TransportProtocol.Tcp);
        var wanted = Assert.IsType<Output.RelayWanted>(Assert.Single(second.AllocateOutputs((ref StunWriter writer) => writer.AddReservationToken(token))));
        Assert.Equal(new RelayRequest(wanted.Request.Allocation, AddressFamily.IPv4, RelayPort.Reserved, token), wanted.Request);
        var outputs = shard.OpenLate(wanted.Request, 49153);
        Assert.Equal("198.51.100.1:49153", new Reply(Assert.IsType<Output.Sent>(Assert.Single(outputs)).Bytes).RelayedAddress);
        Assert.Equal(2, _server.Registry.TakeInventory().Allocations);

        // The shard that made the reservation has nothing left to release.
        Assert.DoesNotContain(_server.Advance(TimeSpan.FromMinutes(5)), output => output is Output.ReservationReleased);
    }

    [Fact]
    public void A_token_is_good_once()
    {
        var token = Reserve(new TurnClient(_server));
        Assert.Equal("198.51.100.1:49153", new TurnClient(_server, "203.0.113.9:2").Allocate((ref StunWriter writer) => writer.AddReservationToken(token)).RelayedAddress);
        Assert.Equal(StunErrorCode.InsufficientCapacity, new TurnClient(_server, "203.0.113.9:3").Allocate((ref StunWriter writer) => writer.AddReservationToken(token)).ErrorCode);
        Assert.Equal(StunErrorCode.InsufficientCapacity, new TurnClient(_server, "203.0.113.9:4").Allocate(static (ref StunWriter writer) => writer.AddReservationToken(12345)).ErrorCode);
    }

    [Fact]
    public void A_reservation_is_held_for_30_seconds_and_then_released_by_its_shard()
    {
        var first = new TurnClient(_server);
        var token = Reserve(first);
        _server.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, _server.ReservedPorts);

        first.Refresh(0);
        Assert.Equal(1, _server.ReservedPorts);
        Assert.Equal([new Output.ReservationReleased(token)], _server.Advance(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, _server.ReservedPorts);
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
        Assert.Equal(StunErrorCode.InsufficientCapacity, new TurnClient(_server, "203.0.113.9:2").Allocate((ref StunWriter writer) => writer.AddReservationToken(token)).ErrorCode);
    }

    [Fact]
    public void A_retransmission_names_the_same_token()
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        var request = client.Build(StunMethod.Allocate, authenticate: true, static (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(17);
            writer.AddEvenPort(reserveNext: true);
        });
        Assert.Equal(client.Send(request).OfType<Output.Sent>(), client.Send(request).OfType<Output.Sent>());
        Assert.Equal(1, _server.ReservedPorts);
    }

    [Fact]
    public void Without_a_pair_of_ports_the_answer_is_508_and_nothing_is_left()
    {
        _server.Engine = static _ => EngineAnswer.Fail;
        Assert.Equal(StunErrorCode.InsufficientCapacity, new TurnClient(_server).Allocate(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: true)).ErrorCode);
        Assert.Equal(0, _server.Registry.TakeInventory().Allocations);
        Assert.Empty(_server.Advance(TimeSpan.FromMinutes(2)).OfType<Output.ReservationReleased>());
    }

    [Fact]
    public void A_token_with_anything_that_it_already_decides_is_a_400()
    {
        var token = Reserve(new TurnClient(_server));
        var client = new TurnClient(_server, "203.0.113.9:2");
        WriteAttributes[] others =
        [
            static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: false),
            static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, AddressFamily.IPv4),
            static (ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6),
        ];
        foreach (var other in others)
        {
            Assert.Equal(StunErrorCode.BadRequest, client.Allocate((ref StunWriter writer) =>
            {
                writer.AddReservationToken(token);
                other(ref writer);
            }).ErrorCode);
        }

        Assert.Equal(StunErrorCode.None, client.Allocate((ref StunWriter writer) => writer.AddReservationToken(token)).ErrorCode);
    }

    private static ulong Reserve(TurnClient client)
    {
        var reply = client.Allocate(static (ref StunWriter writer) => writer.AddEvenPort(reserveNext: true));
        Assert.Equal("198.51.100.1:49152", reply.RelayedAddress);
        Assert.True(reply.Message.TryGetReservationToken(out var token));
        return token;
    }
}
