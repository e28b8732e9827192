using System.Text.Json.Serialization.Metadata;

namespace Parley.SocketIo.AspNetCore;

/// <summary>A client's answer to an event. Its bytes are a copy and stay valid.</summary>
public sealed class SocketIoAckReply
{
    private readonly SocketIoPacket _packet;
    private readonly ReadOnlyMemory<byte> _text;

    internal SocketIoAckReply(in SocketIoPacket packet, ReadOnlyMemory<byte> text, ReadOnlyMemory<byte>[] attachments)
    {
        _packet = packet;
        _text = text;
        Attachments = attachments;
    }

    /// <summary>How many arguments the answer has.</summary>
    public int Count => _packet.ArgumentCount;

    /// <summary>Binary attachments in the order in which they came.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; }

    /// <summary>An argument's JSON in UTF-8, exactly as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json(int index) => _packet.GetArgument(_text.Span, index).Of(_text);

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
}
