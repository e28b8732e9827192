using System.Buffers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Parley.SocketIo.Json;

namespace Parley.SocketIo.AspNetCore;

/// <summary>
/// An event from a client. Its arguments lie in the receive buffer: they are valid until its handler has ended, asynchronous ones included, and reading them
/// later throws. <see cref="Ack"/> may be called at any time.
/// </summary>
public sealed class SocketIoEvent
{
    private readonly SocketIoPacket _packet;
    private readonly ReadOnlyMemory<byte>[] _attachments;
    private ReadOnlyMemory<byte> _text;
    private string? _name;
    private int _answered;

    internal SocketIoEvent(SocketIoSocket socket, in SocketIoPacket packet, ReadOnlyMemory<byte> text, ReadOnlyMemory<byte>[] attachments)
    {
        Socket = socket;
        _packet = packet;
        _text = text;
        _attachments = attachments;
    }

    /// <summary>Who sent it.</summary>
    public SocketIoSocket Socket { get; }

    /// <summary>The event's name; for an event named by a number, its digits.</summary>
    public string Name => _name ??= ReadName();

    /// <summary>How many arguments came, without the name and without the ack.</summary>
    public int Count => _packet.ArgumentCount;

    /// <summary>Whether the client wants an answer.</summary>
    public bool ExpectsAck => _packet.AckId >= 0;

    /// <summary>Binary attachments in the order in which they came; arguments refer to them as <c>{"_placeholder":true,"num":0}</c>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments => _attachments;

    /// <summary>An argument as it came, to read or to send on byte for byte. Sent on, it brings the attachments it refers to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such argument.</exception>
    /// <exception cref="InvalidOperationException">The handler has ended.</exception>
    public SocketIoArgument this[int index] => SocketIoArgument.Received(Json(index), _attachments.Length == 0 ? null : _attachments);

    internal ReadOnlySpan<byte> NameJson => _packet.Name.Of(Text.Span);

    internal int Bytes => _text.Length;

    // The array to return to the pool when the event is done; null while somebody else answers for it.
    internal byte[]? Rented { get; set; }

    private ReadOnlyMemory<byte> Text => _text.IsEmpty ? throw new InvalidOperationException("The event's handler has ended, and its arguments with it.") : _text;

    /// <summary>An argument's JSON in UTF-8, exactly as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json(int index) => _packet.GetArgument(Text.Span, index).Of(Text);

    /// <summary>All arguments, for sending them on.</summary>
    public SocketIoArgument[] ToArguments()
    {
        var arguments = new SocketIoArgument[Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = this[i];
        }

        return arguments;
    }

    /// <summary>An argument as a type of yours. False if it is missing or of another shape.</summary>
    public bool TryGet<T>(int index, JsonTypeInfo<T> typeInfo, out T? value)
    {
        value = default;
        if (index < 0 || index >= Count)
        {
            return false;
        }

        return ReceivedJson.TryDeserialize(Json(index), typeInfo, out value);
    }

    /// <summary>An argument that is a string. False if it is missing or something else.</summary>
    public bool TryGetString(int index, out string value)
    {
        var json = index >= 0 && index < Count ? Json(index).Span : default;
        if (json.IsEmpty || json[0] != (byte)'"')
        {
            value = "";
            return false;
        }

        value = JsonText.Unescape(json[1..^1]);
        return true;
    }

    /// <summary>An argument that is a binary attachment and nothing else. False if it is missing or something else.</summary>
    public bool TryGetBinary(int index, out ReadOnlyMemory<byte> data)
    {
        data = default;
        return _attachments.Length > 0 && index >= 0 && index < Count && BinaryPlaceholders.TryGetOnly(Json(index).Span, _attachments, out data);
    }

    /// <summary>Answers the event, once: later calls do nothing. False if no answer was wanted or one was given, or the client is gone.</summary>
    public bool Ack(params ReadOnlySpan<SocketIoArgument> arguments) =>
        ExpectsAck && Interlocked.Exchange(ref _answered, 1) == 0 && Socket.SendAck(_packet.AckId, arguments);

    /// <summary>Answers the event with a value.</summary>
    public bool Ack<T>(T value, JsonTypeInfo<T> typeInfo) => Ack(SocketIoArgument.From(value, typeInfo));

    internal void Release()
    {
        _ = _name ?? (_name = ReadName());
        _text = default;
        if (Rented is { } rented)
        {
            Rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal void SetName(string name) => _name = name;

    private string ReadName()
    {
        var json = NameJson;
        return json[0] == (byte)'"' ? JsonText.Unescape(json[1..^1]) : Encoding.UTF8.GetString(json);
    }
}
