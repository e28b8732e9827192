namespace Parley.Stun;

/// <summary>Error codes of RFC 8489 section 14.8, RFC 8656 section 19 and RFC 8016 section 6.</summary>
public enum StunErrorCode : ushort
{
#pragma warning disable CS1591 // The names are the RFC's own reason phrases.
    None = 0,
    TryAlternate = 300,
    BadRequest = 400,
    Unauthenticated = 401,
    Forbidden = 403,
    MobilityForbidden = 405,
    UnknownAttribute = 420,
    AllocationMismatch = 437,
    StaleNonce = 438,
    AddressFamilyNotSupported = 440,
    WrongCredentials = 441,
    UnsupportedTransportProtocol = 442,
    PeerAddressFamilyMismatch = 443,
    AllocationQuotaReached = 486,
    ServerError = 500,
    InsufficientCapacity = 508,
#pragma warning restore CS1591
}

/// <summary>The recommended reason phrases of the IANA registry.</summary>
public static class StunErrorCodeExtensions
{
    /// <summary>The reason phrase in UTF-8; empty for a code without one.</summary>
    public static ReadOnlySpan<byte> ReasonPhrase(this StunErrorCode code) => code switch
    {
        StunErrorCode.TryAlternate => "Try Alternate"u8,
        StunErrorCode.BadRequest => "Bad Request"u8,
        StunErrorCode.Unauthenticated => "Unauthenticated"u8,
        StunErrorCode.Forbidden => "Forbidden"u8,
        StunErrorCode.MobilityForbidden => "Mobility Forbidden"u8,
        StunErrorCode.UnknownAttribute => "Unknown Attribute"u8,
        StunErrorCode.AllocationMismatch => "Allocation Mismatch"u8,
        StunErrorCode.StaleNonce => "Stale Nonce"u8,
        StunErrorCode.AddressFamilyNotSupported => "Address Family not Supported"u8,
        StunErrorCode.WrongCredentials => "Wrong Credentials"u8,
        StunErrorCode.UnsupportedTransportProtocol => "Unsupported Transport Protocol"u8,
        StunErrorCode.PeerAddressFamilyMismatch => "Peer Address Family Mismatch"u8,
        StunErrorCode.AllocationQuotaReached => "Allocation Quota Reached"u8,
        StunErrorCode.ServerError => "Server Error"u8,
        StunErrorCode.InsufficientCapacity => "Insufficient Capacity"u8,
        _ => default,
    };
}
