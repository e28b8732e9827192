using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Parley.SocketIo.Json;

namespace Parley.SocketIo;

/// <summary>
/// One argument of an event or an ack on its way out: JSON, or a binary attachment. Strings, numbers and booleans convert by themselves; the arguments of
/// a received event can be sent on as they are, byte for byte.
/// </summary>
public readonly struct SocketIoArgument
{
    private static readonly byte[] NullText = "null"u8.ToArray();
    private static readonly byte[] TrueText = "true"u8.ToArray();
    private static readonly byte[] FalseText = "false"u8.ToArray();
    private static readonly byte[] PlaceholderText = "{\"_placeholder\":true,\"num\":0}"u8.ToArray();

    private readonly ReadOnlyMemory<byte> _json;

    private SocketIoArgument(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte>[]? attachments = null)
    {
        _json = json;
        Attachments = attachments;
    }

    /// <summary>JSON null.</summary>
    public static SocketIoArgument Null => new(NullText);

    /// <summary>The argument as JSON in UTF-8. Attachments stand in it as placeholders.</summary>
    public ReadOnlyMemory<byte> Json => _json.IsEmpty ? NullText : _json;

    // What the placeholders in the JSON mean; null when there are none to be looked for.
    internal ReadOnlyMemory<byte>[]? Attachments { get; }

    /// <summary>JSON in UTF-8, sent as it is. It must not change until the call it is given to has returned.</summary>
    /// <exception cref="ArgumentException">The bytes are not one JSON value, or nest deeper than 64.</exception>
    public static SocketIoArgument RawJson(ReadOnlyMemory<byte> utf8Json) => JsonScanner.IsValue(utf8Json.Span)
        ? new SocketIoArgument(utf8Json)
        : throw new ArgumentException("These bytes are not one JSON value.", nameof(utf8Json));

    /// <summary>
    /// JSON in UTF-8 that is known to be valid, because it was checked before. Broken JSON breaks the receiver's connection, and a control character in it
    /// lets whoever wrote it put packets of his own into the receiver's.
    /// </summary>
    public static SocketIoArgument RawJsonUnchecked(ReadOnlyMemory<byte> utf8Json) => new(utf8Json);

    /// <summary>A value, serialised with source-generated metadata.</summary>
    public static SocketIoArgument From<T>(T value, JsonTypeInfo<T> typeInfo) => new(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo));

    /// <summary>Binary data: an ArrayBuffer or Buffer at the receiver. It must not change any more.</summary>
    public static SocketIoArgument Binary(ReadOnlyMemory<byte> data) => new(PlaceholderText, [data]);

    /// <summary>A string; null is JSON null.</summary>
    public static implicit operator SocketIoArgument(string? text)
    {
        if (text is null)
        {
            return Null;
        }

        var json = new byte[JsonText.MeasureString(text)];
        JsonText.WriteString(text, json);
        return new SocketIoArgument(json);
    }

    /// <summary>True or false.</summary>
    public static implicit operator SocketIoArgument(bool value) => new(value ? TrueText : FalseText);

    /// <summary>A whole number.</summary>
    public static implicit operator SocketIoArgument(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, digits, out var written);
        return new SocketIoArgument(digits[..written].ToArray());
    }

    /// <summary>A number; what is not finite is sent as null, as in JavaScript.</summary>
    public static implicit operator SocketIoArgument(double value)
    {
        if (!double.IsFinite(value))
        {
            return Null;
        }

        Span<byte> digits = stackalloc byte[32];
        _ = Utf8Formatter.TryFormat(value, digits, out var written);
        return new SocketIoArgument(digits[..written].ToArray());
    }

    internal static SocketIoArgument Received(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte>[]? attachments) => new(json, attachments);
}
