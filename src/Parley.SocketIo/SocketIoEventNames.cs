using Parley.SocketIo.Json;

namespace Parley.SocketIo;

/// <summary>Names that events must not have, because clients and servers raise them by themselves.</summary>
public static class SocketIoEventNames
{
    /// <summary>
    /// Whether the protocol keeps this name for itself: connect, connect_error, disconnect, disconnecting, newListener, removeListener.
    /// <c>error</c> is an ordinary name.
    /// </summary>
    public static bool IsReserved(string name) => name is "connect" or "connect_error" or "disconnect" or "disconnecting" or "newListener" or "removeListener";

    // The name as JSON, quotes included.
    internal static bool IsReserved(ReadOnlySpan<byte> json)
    {
        var inner = json[1..^1];
        if (inner.Contains((byte)'\\'))
        {
            return IsReserved(JsonText.Unescape(inner));
        }

        return inner.SequenceEqual("connect"u8) || inner.SequenceEqual("connect_error"u8) || inner.SequenceEqual("disconnect"u8)
            || inner.SequenceEqual("disconnecting"u8) || inner.SequenceEqual("newListener"u8) || inner.SequenceEqual("removeListener"u8);
    }
}
