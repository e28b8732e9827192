namespace Parley.Stun;

/// <summary>The address families of STUN, with their values on the wire. RFC 8489 section 14.1.</summary>
public enum AddressFamily : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>IPv4.</summary>
    IPv4 = 1,

    /// <summary>IPv6.</summary>
    IPv6 = 2,
}
