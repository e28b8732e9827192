namespace Parley.Stun;

/// <summary>The fixed 20 bytes in front of every STUN message. RFC 8489 section 5.</summary>
public static class StunHeader
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 20;

    /// <summary>Size in bytes of the type and length in front of every attribute's value.</summary>
    public const int AttributeHeaderSize = 4;

    /// <summary>Bytes 4 to 7 of every message.</summary>
    public const uint MagicCookie = 0x2112A442;

    /// <summary>Whether a message that begins with this byte can be STUN (its two top bits are zero). HTTP and TLS never begin so low, save TLS records (0x14 to 0x17).</summary>
    public static bool CanBegin(byte first) => first < 0x40;

    /// <summary>A length rounded up to the next multiple of four, as attributes and ChannelData on streams are padded.</summary>
    public static int Padded(int length) => (length + 3) & ~3;

    // The 14 type bits interleave method (M) and class (C): M11..M7 C1 M6..M4 C0 M3..M0.
    internal static ushort EncodeType(StunClass messageClass, StunMethod method)
    {
        var m = (int)method;
        var c = (int)messageClass;
        return (ushort)((m & 0x00F) | ((m & 0x070) << 1) | ((m & 0xF80) << 2) | ((c & 1) << 4) | ((c & 2) << 7));
    }

    internal static StunMethod DecodeMethod(ushort type) => (StunMethod)((type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2));

    internal static StunClass DecodeClass(ushort type) => (StunClass)(((type & 0x0010) >> 4) | ((type & 0x0100) >> 7));
}
