using System.Text.Json.Serialization.Metadata;

namespace Parley.SocketIo.AspNetCore;

/// <summary>A client that wants into a namespace, for middleware to look at.</summary>
public sealed class SocketIoConnectContext
{
    internal SocketIoConnectContext(SocketIoSocket socket) => Socket = socket;

    /// <summary>The socket that will be, if nobody refuses. It may be given items; it cannot send yet.</summary>
    public SocketIoSocket Socket { get; }

    /// <summary>What the client brought along.</summary>
    public SocketIoHandshake Handshake => Socket.Handshake;

    internal string? RefusalMessage { get; private set; }

    internal ReadOnlyMemory<byte> RefusalData { get; private set; }

    /// <summary>Refuses the client: it gets a <c>connect_error</c> with this message. The first refusal counts, and no further middleware is asked.</summary>
    public void Refuse(string message) => Refuse(message, default(SocketIoArgument?));

    /// <summary>Refuses the client, with an object for the error's <c>data</c>.</summary>
    public void Refuse<T>(string message, T data, JsonTypeInfo<T> typeInfo) => Refuse(message, SocketIoArgument.From(data, typeInfo));

    /// <summary>Refuses the client, with JSON for the error's <c>data</c>.</summary>
    public void Refuse(string message, SocketIoArgument? data)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (RefusalMessage is null)
        {
            RefusalMessage = message;
            RefusalData = data?.Json ?? default;
        }
    }
}
