using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>One output of a shard. Equality is by value, so tests compare whole lists.</summary>
internal abstract record Output
{
    public sealed record Sent(FiveTuple Client, string Hex) : Output
    {
        public byte[] Bytes => Convert.FromHexString(Hex);
    }

    public sealed record Relayed(AllocationId Allocation, PeerAddress Peer, string Hex, bool DontFragment) : Output;

    public sealed record HandedOver(HandOverTarget Target, PeerAddress Source, string Hex) : Output;

    public sealed record RelayWanted(RelayRequest Request) : Output;

    public sealed record RelayClosed(AllocationId Allocation, AddressFamily Family) : Output;

    public sealed record ReservationReleased(ulong Token) : Output;

}

/// <summary>Writes down what a shard puts out.</summary>
internal readonly struct RecordingSink(List<Output> outputs) : ITurnSink
{
    public void Send(in FiveTuple client, scoped ReadOnlySpan<byte> message) => outputs.Add(new Output.Sent(client, Convert.ToHexString(message)));

    public void RelayToPeer(AllocationId allocation, in PeerAddress peer, scoped ReadOnlySpan<byte> data, bool dontFragment) =>
        outputs.Add(new Output.Relayed(allocation, peer, Convert.ToHexString(data), dontFragment));

    public void HandOver(in HandOverTarget target, in PeerAddress source, scoped ReadOnlySpan<byte> data) =>
        outputs.Add(new Output.HandedOver(target, source, Convert.ToHexString(data)));

    public void OpenRelay(in RelayRequest request) => outputs.Add(new Output.RelayWanted(request));

    public void CloseRelay(AllocationId allocation, AddressFamily family) => outputs.Add(new Output.RelayClosed(allocation, family));

    public void ReleaseReservation(ulong token) => outputs.Add(new Output.ReservationReleased(token));
}
