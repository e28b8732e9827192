using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// Takes what a <see cref="TurnShard"/> puts out, in order, during the call that caused it. Spans are valid only within the call.
/// A sink never blocks, throws or calls back into the shard; what a full socket does not take is dropped, as a network would.
/// </summary>
public interface ITurnSink
{
    /// <summary>
    /// Sends a whole message to a client: one datagram from <see cref="FiveTuple.Server"/>, or bytes onto the stream (ChannelData
    /// is padded already). The span may lie in the buffer that the shard was called with.
    /// </summary>
    void Send(in FiveTuple client, scoped ReadOnlySpan<byte> message);

    /// <summary>Sends data from an allocation's relay socket to a peer, perhaps with the "don't fragment" bit set (only if <see cref="TurnSettings.DontFragmentSupported"/>).</summary>
    void RelayToPeer(AllocationId allocation, in PeerAddress peer, scoped ReadOnlySpan<byte> data, bool dontFragment);

    /// <summary>
    /// Passes data to an allocation of <em>another shard</em> of this server. Its owner then calls
    /// <see cref="TurnShard.ReceiveFromPeer"/> there with <paramref name="source"/> as the peer, which checks permission as
    /// for data from a socket. Hand-over within one shard never comes here.
    /// </summary>
    void HandOver(in HandOverTarget target, in PeerAddress source, scoped ReadOnlySpan<byte> data);

    /// <summary>Asks for a relay socket; see <see cref="RelayRequest"/>.</summary>
    void OpenRelay(in RelayRequest request);

    /// <summary>Ends a relay socket that was opened. The allocation lives on only if it is a dual one whose other family does.</summary>
    void CloseRelay(AllocationId allocation, AddressFamily family);

    /// <summary>Ends the socket kept under a token: nobody claimed it in time. The token may be one that the engine never came to keep a socket under.</summary>
    void ReleaseReservation(ulong token);
}
