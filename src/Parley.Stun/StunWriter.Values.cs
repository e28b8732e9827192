using System.Buffers.Binary;

namespace Parley.Stun;

// The typed attributes.
public ref partial struct StunWriter
{
    /// <summary>Adds LIFETIME in seconds, or another attribute that is one 32-bit number.</summary>
    public void AddUInt32(StunAttributeType type, uint value)
    {
        if (TryReserve(type, 4, out var place))
        {
            BinaryPrimitives.WriteUInt32BigEndian(place, value);
        }
    }

    /// <summary>Adds CHANNEL-NUMBER. RFC 8656 section 18.1.</summary>
    public void AddChannelNumber(ushort channel) => AddUInt32(StunAttributeType.ChannelNumber, (uint)channel << 16);

    /// <summary>Adds REQUESTED-TRANSPORT with an IP protocol number; 17 is UDP. RFC 8656 section 18.8.</summary>
    public void AddRequestedTransport(byte protocol) => AddUInt32(StunAttributeType.RequestedTransport, (uint)protocol << 24);

    /// <summary>Adds REQUESTED-ADDRESS-FAMILY or ADDITIONAL-ADDRESS-FAMILY. RFC 8656 sections 18.6 and 18.11.</summary>
    public void AddAddressFamily(StunAttributeType type, AddressFamily family) => AddUInt32(type, (uint)family << 24);

    /// <summary>Adds EVEN-PORT. RFC 8656 section 18.7.</summary>
    public void AddEvenPort(bool reserveNext) => Add(StunAttributeType.EvenPort, reserveNext ? [0x80] : [0x00]);

    /// <summary>Adds RESERVATION-TOKEN. RFC 8656 section 18.10.</summary>
    public void AddReservationToken(ulong token)
    {
        if (TryReserve(StunAttributeType.ReservationToken, 8, out var place))
        {
            BinaryPrimitives.WriteUInt64BigEndian(place, token);
        }
    }

    /// <summary>Adds XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS or XOR-RELAYED-ADDRESS. RFC 8489 section 14.2.</summary>
    public void AddXorAddress(StunAttributeType type, in TransportAddress address)
    {
        if (!_failed)
        {
            AddAddress(type, StunAddress.Xor(address, TransactionId));
        }
    }

    /// <summary>Adds MAPPED-ADDRESS or ALTERNATE-SERVER. RFC 8489 section 14.1.</summary>
    public void AddAddress(StunAttributeType type, in TransportAddress address)
    {
        Span<byte> value = stackalloc byte[StunAddress.MaxSize];
        Add(type, value[..StunAddress.Encode(address, value)]);
    }

    /// <summary>Adds ERROR-CODE; an empty reason phrase keeps an unauthenticated reply short. RFC 8489 section 14.8.</summary>
    public void AddErrorCode(StunErrorCode code, scoped ReadOnlySpan<byte> reasonPhrase)
    {
        if (TryReserve(StunAttributeType.ErrorCode, 4 + reasonPhrase.Length, out var place))
        {
            place[2] = (byte)((int)code / 100);
            place[3] = (byte)((int)code % 100);
            reasonPhrase.CopyTo(place[4..]);
        }
    }

    /// <summary>Adds ADDRESS-ERROR-CODE. RFC 8656 section 18.12.</summary>
    public void AddAddressErrorCode(AddressFamily family, StunErrorCode code)
    {
        var reasonPhrase = code.ReasonPhrase();
        if (TryReserve(StunAttributeType.AddressErrorCode, 4 + reasonPhrase.Length, out var place))
        {
            place[0] = (byte)family;
            place[2] = (byte)((int)code / 100);
            place[3] = (byte)((int)code % 100);
            reasonPhrase.CopyTo(place[4..]);
        }
    }

    /// <summary>Adds UNKNOWN-ATTRIBUTES. RFC 8489 section 14.13.</summary>
    public void AddUnknownAttributes(scoped ReadOnlySpan<StunAttributeType> types)
    {
        if (TryReserve(StunAttributeType.UnknownAttributes, 2 * types.Length, out var place))
        {
            for (var i = 0; i < types.Length; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(place[(2 * i)..], (ushort)types[i]);
            }
        }
    }

    /// <summary>Adds PASSWORD-ALGORITHMS, most preferred first. RFC 8489 section 14.11.</summary>
    public void AddPasswordAlgorithms(scoped ReadOnlySpan<PasswordAlgorithm> algorithms)
    {
        if (TryReserve(StunAttributeType.PasswordAlgorithms, 4 * algorithms.Length, out var place))
        {
            for (var i = 0; i < algorithms.Length; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(place[(4 * i)..], (ushort)algorithms[i]);
            }
        }
    }

    /// <summary>Adds PASSWORD-ALGORITHM. RFC 8489 section 14.12.</summary>
    public void AddPasswordAlgorithm(PasswordAlgorithm algorithm) => AddUInt32(StunAttributeType.PasswordAlgorithm, (uint)algorithm << 16);

    /// <summary>Adds ICMP. RFC 8656 section 18.13.</summary>
    public void AddIcmp(byte type, byte code, uint errorData)
    {
        if (TryReserve(StunAttributeType.Icmp, 8, out var place))
        {
            place[2] = type;
            place[3] = code;
            BinaryPrimitives.WriteUInt32BigEndian(place[4..], errorData);
        }
    }

    /// <summary>Adds MESSAGE-INTEGRITY over all that was added before. RFC 8489 section 14.5.</summary>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key) => AddHmac(StunAttributeType.MessageIntegrity, 20, key);

    /// <summary>Adds MESSAGE-INTEGRITY-SHA256 over all that was added before. RFC 8489 section 14.6.</summary>
    public void AddMessageIntegritySha256(scoped ReadOnlySpan<byte> key) => AddHmac(StunAttributeType.MessageIntegritySha256, 32, key);

    /// <summary>Adds FINGERPRINT, which must be the last attribute. RFC 8489 section 14.7.</summary>
    public void AddFingerprint()
    {
        var end = _length;
        if (TryReserve(StunAttributeType.Fingerprint, 4, out var place))
        {
            SetLength(_length);
            BinaryPrimitives.WriteUInt32BigEndian(place, Fingerprint.Compute(_buffer[..end]));
        }
    }

    private void AddHmac(StunAttributeType type, int size, scoped ReadOnlySpan<byte> key)
    {
        var end = _length;
        if (TryReserve(type, size, out var place))
        {
            SetLength(_length);
            StunHmac.Compute(_buffer[..end], key, place);
        }
    }
}
