using System.Buffers.Binary;

namespace Parley.Stun;

/// <summary>
/// A STUN message read in place: a view of the caller's bytes, valid as long as they are. RFC 8489 sections 5 and 14.
/// <para>
/// What follows an integrity attribute is not protected by it, so <see cref="Attributes"/> and every <c>TryGet</c> end at the
/// first one; behind it only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count. Of attributes that occur twice the first wins.
/// </para>
/// </summary>
public readonly ref partial struct StunMessage
{
    private readonly int _attributesEnd;
    private readonly int _integrity;
    private readonly int _integritySha256;
    private readonly int _fingerprint;

    private StunMessage(ReadOnlySpan<byte> bytes, int attributesEnd, int integrity, int integritySha256, int fingerprint)
    {
        Bytes = bytes;
        _attributesEnd = attributesEnd;
        _integrity = integrity;
        _integritySha256 = integritySha256;
        _fingerprint = fingerprint;
    }

    /// <summary>The whole message, header included.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Request, indication or response.</summary>
    public StunClass Class => StunHeader.DecodeClass(BinaryPrimitives.ReadUInt16BigEndian(Bytes));

    /// <summary>The method; any of 4096 values, known or not.</summary>
    public StunMethod Method => StunHeader.DecodeMethod(BinaryPrimitives.ReadUInt16BigEndian(Bytes));

    /// <summary>The identifier of the transaction.</summary>
    public TransactionId TransactionId => TransactionId.Read(Bytes[8..]);

    /// <summary>The attributes in their order, up to the first of MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and FINGERPRINT.</summary>
    public StunAttributeReader Attributes => new(Bytes[..Math.Max(_attributesEnd, 0)]);

    /// <summary>
    /// Reads a whole message. False if the bytes are not one: wrong leading bits, magic cookie or length, or an attribute that
    /// overruns the message. Such bytes are to be discarded silently (RFC 8489 section 6.3). Never throws.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out StunMessage message)
    {
        message = default;
        if (bytes.Length < StunHeader.Size ||
            !StunHeader.CanBegin(bytes[0]) ||
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != StunHeader.MagicCookie ||
            BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != bytes.Length - StunHeader.Size ||
            bytes.Length % 4 != 0)
        {
            return false;
        }

        int attributesEnd = 0, integrity = 0, integritySha256 = 0, fingerprint = 0;
        var offset = StunHeader.Size;
        while (offset < bytes.Length)
        {
            // The length is a multiple of four, so an attribute's header always fits.
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]);
            var next = offset + StunHeader.AttributeHeaderSize + StunHeader.Padded(length);
            if (next > bytes.Length)
            {
                return false;
            }

            switch (type)
            {
                case StunAttributeType.MessageIntegrity when attributesEnd == 0:
                    attributesEnd = integrity = offset;
                    break;
                case StunAttributeType.MessageIntegritySha256 when integritySha256 == 0 && fingerprint == 0:
                    integritySha256 = offset;
                    attributesEnd = attributesEnd == 0 ? offset : attributesEnd;
                    break;
                case StunAttributeType.Fingerprint when fingerprint == 0:
                    fingerprint = offset;
                    attributesEnd = attributesEnd == 0 ? offset : attributesEnd;
                    break;
            }

            offset = next;
        }

        message = new StunMessage(bytes, attributesEnd == 0 ? bytes.Length : attributesEnd, integrity, integritySha256, fingerprint);
        return true;
    }

    /// <summary>The value of the first attribute of a type; false if there is none that counts.</summary>
    public bool TryGet(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether an attribute of a type is there, well formed or not.</summary>
    public bool Contains(StunAttributeType type) => TryGet(type, out _);
}
