namespace Parley.Stun;

/// <summary>What a STUN message asks for: RFC 8489 section 18.2, RFC 8656 section 17.</summary>
public enum StunMethod : ushort
{
    /// <summary>Asks for the address that the server sees. RFC 8489 section 6.</summary>
    Binding = 0x001,

    /// <summary>Asks for a relayed transport address. RFC 8656 section 7.</summary>
    Allocate = 0x003,

    /// <summary>Extends or ends an allocation. RFC 8656 section 8.</summary>
    Refresh = 0x004,

    /// <summary>Indication from the client: data for a peer. RFC 8656 section 11.</summary>
    Send = 0x006,

    /// <summary>Indication from the server: data from a peer. RFC 8656 section 11.</summary>
    Data = 0x007,

    /// <summary>Installs or refreshes permissions. RFC 8656 section 10.</summary>
    CreatePermission = 0x008,

    /// <summary>Binds a channel number to a peer. RFC 8656 section 12.</summary>
    ChannelBind = 0x009,
}
