using Parley.Stun;

namespace Parley.Turn.Hosting;

/// <summary>Carries a shard's outputs to its engine.</summary>
internal readonly struct EngineSink(RelayEngine engine) : ITurnSink
{
    public void Send(in FiveTuple client, scoped ReadOnlySpan<byte> message) => engine.Send(client, message);

    public unsafe void RelayToPeer(AllocationId allocation, in PeerAddress peer, scoped ReadOnlySpan<byte> data, bool dontFragment)
    {
        fixed (byte* first = data)
        {
            engine.SendToPeer(allocation, peer, DatagramRun.Single(first, data.Length), dontFragment);
        }
    }

    public unsafe void HandOver(in HandOverTarget target, in PeerAddress source, scoped ReadOnlySpan<byte> data)
    {
        fixed (byte* first = data)
        {
            engine.HandOver(target, source, DatagramRun.Single(first, data.Length));
        }
    }

    public void OpenRelay(in RelayRequest request) => engine.RequestRelay(request);

    public void CloseRelay(AllocationId allocation, AddressFamily family) => engine.CloseRelay(allocation, family);

    public void ReleaseReservation(ulong token) => engine.ReleaseReservation(token);
}
