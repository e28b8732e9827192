using Parley.Stun;

namespace Parley.Turn;

/// <summary>Which port a relay socket needs. RFC 8656 section 7.2.</summary>
public enum RelayPort
{
    /// <summary>Any free one of the range, chosen at random.</summary>
    Any,

    /// <summary>An even one.</summary>
    Even,

    /// <summary>
    /// An even one whose successor is free too: bind both, use the even one, and keep the other under
    /// <see cref="RelayRequest.ReservationToken"/> where the engines of all shards find it.
    /// </summary>
    EvenAndNext,

    /// <summary>The socket kept under <see cref="RelayRequest.ReservationToken"/>, perhaps by another shard's engine. It is this request's now: an engine that cannot use it closes it and answers with RelayFailed.</summary>
    Reserved,
}

/// <summary>Asks the engine for a relay socket. It answers, after the call that asked has returned, with RelayOpened or RelayFailed.</summary>
/// <param name="Allocation">Whose socket it will be.</param>
/// <param name="Family">IPv4 or IPv6; for a reserved socket, the family it has.</param>
/// <param name="Port">Which port.</param>
/// <param name="ReservationToken">Names the reserved socket for <see cref="RelayPort.EvenAndNext"/> and <see cref="RelayPort.Reserved"/>; otherwise 0.</param>
public readonly record struct RelayRequest(AllocationId Allocation, AddressFamily Family, RelayPort Port, ulong ReservationToken);
