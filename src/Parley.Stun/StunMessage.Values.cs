using System.Buffers.Binary;

namespace Parley.Stun;

// The typed attributes. Each method is false when the attribute is absent and when its value is malformed; ask Contains to tell the two apart.
public readonly ref partial struct StunMessage
{
    /// <summary>LIFETIME in seconds. RFC 8656 section 18.2.</summary>
    public bool TryGetLifetime(out uint seconds)
    {
        seconds = TryGet(StunAttributeType.Lifetime, out var value) && value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return value.Length == 4;
    }

    /// <summary>CHANNEL-NUMBER. RFC 8656 section 18.1.</summary>
    public bool TryGetChannelNumber(out ushort channel)
    {
        channel = TryGet(StunAttributeType.ChannelNumber, out var value) && value.Length == 4 ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;
        return value.Length == 4;
    }

    /// <summary>REQUESTED-TRANSPORT: an IP protocol number; 17 is UDP. RFC 8656 section 18.8.</summary>
    public bool TryGetRequestedTransport(out byte protocol)
    {
        protocol = TryGet(StunAttributeType.RequestedTransport, out var value) && value.Length == 4 ? value[0] : (byte)0;
        return value.Length == 4;
    }

    /// <summary>REQUESTED-ADDRESS-FAMILY or ADDITIONAL-ADDRESS-FAMILY; the family may be a value that nobody defined. RFC 8656 sections 18.6 and 18.11.</summary>
    public bool TryGetAddressFamily(StunAttributeType type, out AddressFamily family)
    {
        family = TryGet(type, out var value) && value.Length == 4 ? (AddressFamily)value[0] : AddressFamily.None;
        return value.Length == 4;
    }

    /// <summary>EVEN-PORT and its R bit, which asks to reserve the next port too. RFC 8656 section 18.7.</summary>
    public bool TryGetEvenPort(out bool reserveNext)
    {
        reserveNext = TryGet(StunAttributeType.EvenPort, out var value) && value.Length == 1 && (value[0] & 0x80) != 0;
        return value.Length == 1;
    }

    /// <summary>RESERVATION-TOKEN. RFC 8656 section 18.10.</summary>
    public bool TryGetReservationToken(out ulong token)
    {
        token = TryGet(StunAttributeType.ReservationToken, out var value) && value.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;
        return value.Length == 8;
    }

    /// <summary>The first XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS or XOR-RELAYED-ADDRESS. RFC 8489 section 14.2.</summary>
    public bool TryGetXorAddress(StunAttributeType type, out TransportAddress address)
    {
        address = default;
        return TryGet(type, out var value) && TryDecodeXorAddress(value, out address);
    }

    /// <summary>MAPPED-ADDRESS or ALTERNATE-SERVER. RFC 8489 section 14.1.</summary>
    public bool TryGetAddress(StunAttributeType type, out TransportAddress address)
    {
        address = default;
        return TryGet(type, out var value) && StunAddress.TryDecode(value, out address);
    }

    /// <summary>Decodes the value of one of several XOR'ed addresses of this message.</summary>
    public bool TryDecodeXorAddress(ReadOnlySpan<byte> value, out TransportAddress address)
    {
        if (!StunAddress.TryDecode(value, out address))
        {
            return false;
        }

        address = StunAddress.Xor(address, TransactionId);
        return true;
    }

    /// <summary>ERROR-CODE; the reason phrase is UTF-8 for diagnosis and comes from the other side. RFC 8489 section 14.8.</summary>
    public bool TryGetErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reasonPhrase)
    {
        code = StunErrorCode.None;
        reasonPhrase = default;
        if (!TryGet(StunAttributeType.ErrorCode, out var value) || value.Length < 4 || (value[2] & 7) is < 3 or > 6 || value[3] > 99)
        {
            return false;
        }

        code = (StunErrorCode)(((value[2] & 7) * 100) + value[3]);
        reasonPhrase = value[4..];
        return true;
    }

    /// <summary>ADDRESS-ERROR-CODE: why one family of a dual allocation is missing. RFC 8656 section 18.12.</summary>
    public bool TryGetAddressErrorCode(out AddressFamily family, out StunErrorCode code)
    {
        family = AddressFamily.None;
        code = StunErrorCode.None;
        if (!TryGet(StunAttributeType.AddressErrorCode, out var value) || value.Length < 4)
        {
            return false;
        }

        family = (AddressFamily)value[0];
        code = (StunErrorCode)(((value[2] & 7) * 100) + value[3]);
        return true;
    }

    /// <summary>ICMP: type, code and, for the "too big" kinds, the MTU of the next hop. RFC 8656 section 18.13.</summary>
    public bool TryGetIcmp(out byte type, out byte code, out uint errorData)
    {
        if (!TryGet(StunAttributeType.Icmp, out var value) || value.Length != 8)
        {
            (type, code, errorData) = (0, 0, 0);
            return false;
        }

        // Figure 11 draws seven bits of type and nine of code; IANA's registry and every implementation read two bytes.
        (type, code, errorData) = (value[2], value[3], BinaryPrimitives.ReadUInt32BigEndian(value[4..]));
        return true;
    }

    /// <summary>PASSWORD-ALGORITHM. False if its parameters, of which none are defined, do not fit. RFC 8489 section 14.12.</summary>
    public bool TryGetPasswordAlgorithm(out PasswordAlgorithm algorithm)
    {
        algorithm = PasswordAlgorithm.None;
        if (!TryGet(StunAttributeType.PasswordAlgorithm, out var value) || value.Length < 4 ||
            value.Length != 4 + StunHeader.Padded(BinaryPrimitives.ReadUInt16BigEndian(value[2..])))
        {
            return false;
        }

        algorithm = (PasswordAlgorithm)BinaryPrimitives.ReadUInt16BigEndian(value);
        return true;
    }
}
