using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>Counts outputs and keeps nothing, for tests of allocation. A ref struct, as an engine's sink may be.</summary>
internal ref struct NullSink : ITurnSink
{
    public int Messages;

    public long Bytes;

    public void Send(in FiveTuple client, scoped ReadOnlySpan<byte> message) => Count(message.Length);

    public void RelayToPeer(AllocationId allocation, in PeerAddress peer, scoped ReadOnlySpan<byte> data, bool dontFragment) => Count(data.Length);

    public void HandOver(in HandOverTarget target, in PeerAddress source, scoped ReadOnlySpan<byte> data) => Count(data.Length);

    public void OpenRelay(in RelayRequest request) => Count(0);

    public void CloseRelay(AllocationId allocation, AddressFamily family) => Count(0);

    public void ReleaseReservation(ulong token) => Count(0);

    private void Count(int bytes)
    {
        Messages++;
        Bytes += bytes;
    }
}
