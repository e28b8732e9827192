namespace Parley.Lab;

/// <summary>What a home's router does with what passes it.</summary>
public enum RouterKind
{
    /// <summary>Routes; the home has a public address of its own and anybody may send to it.</summary>
    Open,

    /// <summary>NAT that keeps the port, so that it looks the same from everywhere, and lets in only what was sent to first. Most homes; hole punching works.</summary>
    PortPreserving,

    /// <summary>NAT with another port for every destination, and the same filter. Offices and mobile networks; only an open peer or a relay helps.</summary>
    Symmetric,

    /// <summary>Symmetric, and no UDP gets out.</summary>
    UdpBlocked,

    /// <summary>Symmetric, and nothing gets out but TCP to port 443.</summary>
    OnlyTcp443,
}
