using System.Buffers.Binary;

namespace Parley.Stun;

#pragma warning disable CA1711 // "Attribute" is the protocol's word, and nobody takes a ref struct for a .NET attribute.
/// <summary>One attribute: its type and its value without padding.</summary>
public readonly ref struct StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value)
{
    /// <summary>The type, known or not.</summary>
    public StunAttributeType Type { get; } = type;

    /// <summary>The value without padding.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Whether a receiver that does not know the type must refuse the message. RFC 8489 section 14.</summary>
    public bool IsComprehensionRequired => (ushort)Type < 0x8000;
}

#pragma warning restore CA1711
/// <summary>Walks the attributes of a parsed message: <c>foreach (var attribute in message.Attributes)</c>.</summary>
public ref struct StunAttributeReader
{
    private ReadOnlySpan<byte> _rest;

    // The message has been parsed: every attribute is known to lie within it.
    internal StunAttributeReader(ReadOnlySpan<byte> message) => _rest = message.Length > StunHeader.Size ? message[StunHeader.Size..] : default;

    /// <summary>The attribute that <see cref="MoveNext"/> came to.</summary>
    public StunAttribute Current { get; private set; }

    /// <summary>This value itself; for <c>foreach</c>.</summary>
    public readonly StunAttributeReader GetEnumerator() => this;

    /// <summary>Steps to the next attribute; false after the last.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Current = new StunAttribute((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(StunHeader.AttributeHeaderSize, length));
        _rest = _rest[(StunHeader.AttributeHeaderSize + StunHeader.Padded(length))..];
        return true;
    }
}
