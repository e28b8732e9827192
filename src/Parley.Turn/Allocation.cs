using Parley.Stun;

namespace Parley.Turn;

internal enum RelayState : byte
{
    /// <summary>Not asked for, or ended.</summary>
    None,

    /// <summary>The engine was asked and has not answered.</summary>
    Opening,

    /// <summary>The engine could not open it.</summary>
    Failed,

    /// <summary>In use.</summary>
    Open,
}

/// <summary>One relayed transport address of an allocation; a dual allocation has two, each with a lifetime of its own. RFC 8656 section 8.1.</summary>
internal struct Relay
{
    public RelayState State;
    public RelayedTransportAddress Address;
    public Instant Expires;

    public readonly bool IsLive(Instant now) => State == RelayState.Open && now < Expires;
}

/// <summary>The state of an allocation: RFC 8656 section 6. Its shard alone touches it.</summary>
internal sealed class Allocation
{
    public Relay IPv4;
    public Relay IPv6;
    public PermissionTable Permissions;
    public ChannelTable Channels;

    public TokenBucket NewPeers;
    public TokenBucket PacketsFromClient;
    public TokenBucket BytesFromClient;
    public TokenBucket PacketsFromPeers;
    public TokenBucket BytesFromPeers;

    public required AllocationId Id { get; init; }

    public required FiveTuple Client { get; init; }

    /// <summary>What the client called itself in USERNAME: later requests must say the same (441).</summary>
    public required byte[] Username { get; init; }

    public required QuotaHolder Holder { get; init; }

    /// <summary>When the credential ends, in Unix seconds.</summary>
    public required long CredentialExpiry { get; init; }

    /// <summary>The key of later requests and of the answer to this one; never the password (RFC 8656 section 6).</summary>
    public required byte[] Key { get; init; }

    public required PasswordAlgorithm Algorithm { get; init; }

    /// <summary>The request that made the allocation; the same again is a retransmission (RFC 8656 section 7.2, note).</summary>
    public required AllocateRequest Request { get; init; }

    /// <summary>The family of a dual allocation that could not be had, with the reason for ADDRESS-ERROR-CODE.</summary>
    public (AddressFamily Family, StunErrorCode Reason) Missing { get; set; }

    /// <summary>Still waiting for the engine: no reply has been sent.</summary>
    public bool IsPending => IPv4.State == RelayState.Opening || IPv6.State == RelayState.Opening;

    /// <summary>When the engine must have answered.</summary>
    public Instant PendingUntil { get; set; }

    public ref Relay Relay(AddressFamily family) => ref family == AddressFamily.IPv4 ? ref IPv4 : ref IPv6;

    /// <summary>Whether anything of it lives: an expired allocation is dead even before the tick that removes it.</summary>
    public bool IsLive(Instant now) => IPv4.IsLive(now) || IPv6.IsLive(now);

    public bool IsLiveOrPending(Instant now) => IsPending ? now < PendingUntil : IsLive(now);

    /// <summary>The earliest instant at which something of it ends.</summary>
    public Instant NextDeadline()
    {
        if (IsPending)
        {
            return PendingUntil;
        }

        var next = Earlier(Permissions.NextDeadline, Channels.NextDeadline);
        next = IPv4.State == RelayState.Open ? Earlier(next, IPv4.Expires) : next;
        return IPv6.State == RelayState.Open ? Earlier(next, IPv6.Expires) : next;
    }

    private static Instant Earlier(Instant left, Instant right) => left < right ? left : right;
}

/// <summary>What of an Allocate request its reply needs, which comes when the engine has answered.</summary>
internal sealed record AllocateRequest(
    TransactionId TransactionId,
    TimeSpan Lifetime,
    ulong ReservationToken,
    bool RespondsWithSha256,
    bool HasFingerprint);
