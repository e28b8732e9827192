namespace Parley.Stun;

/// <summary>The class of a STUN message. RFC 8489 section 5; the values are the two class bits C1 C0.</summary>
public enum StunClass : byte
{
    /// <summary>Is answered by exactly one response.</summary>
    Request = 0b00,

    /// <summary>Is never answered.</summary>
    Indication = 0b01,

    /// <summary>The request succeeded.</summary>
    SuccessResponse = 0b10,

    /// <summary>The request failed; ERROR-CODE says why.</summary>
    ErrorResponse = 0b11,
}
