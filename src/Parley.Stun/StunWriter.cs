using System.Buffers.Binary;

namespace Parley.Stun;

/// <summary>
/// Writes one STUN message into the caller's span. What does not fit is not written and makes <see cref="TryFinish"/> return
/// false, so a chain of adds needs one check. Padding and reserved bits are zero whatever the span held before.
/// </summary>
public ref partial struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private bool _failed;

    /// <summary>Begins a message. RFC 8489 section 5.</summary>
    public StunWriter(Span<byte> buffer, StunClass messageClass, StunMethod method, TransactionId transactionId)
    {
        _buffer = buffer;
        if (buffer.Length < StunHeader.Size)
        {
            _failed = true;
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer, StunHeader.EncodeType(messageClass, method));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunHeader.MagicCookie);
        transactionId.WriteTo(buffer[8..]);
        _length = StunHeader.Size;
    }

    private readonly TransactionId TransactionId => TransactionId.Read(_buffer[8..]);

    /// <summary>Adds an attribute with a value as it goes on the wire.</summary>
    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value)
    {
        if (TryReserve(type, value.Length, out var place))
        {
            value.CopyTo(place);
        }
    }

    /// <summary>Ends the message. False if the buffer was too small for all that was added.</summary>
    public bool TryFinish(out ReadOnlySpan<byte> message)
    {
        if (_failed)
        {
            message = default;
            return false;
        }

        SetLength(_length);
        message = _buffer[.._length];
        return true;
    }

    // The place of the value, zeroed with its padding.
    private bool TryReserve(StunAttributeType type, int size, out Span<byte> value)
    {
        value = default;
        var end = _length + StunHeader.AttributeHeaderSize + StunHeader.Padded(size);
        if (_failed || end > _buffer.Length || end - StunHeader.Size > ushort.MaxValue)
        {
            _failed = true;
            return false;
        }

        var place = _buffer[_length..end];
        _length = end;
        place.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(place, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(place[2..], (ushort)size);
        value = place.Slice(StunHeader.AttributeHeaderSize, size);
        return true;
    }

    private readonly void SetLength(int end) => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(end - StunHeader.Size));
}
