using System.Text.Json.Serialization.Metadata;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Handlers that take their argument as a type.</summary>
internal static class TypedHandlers
{
    public static Func<SocketIoEvent, Task> Create<T>(JsonTypeInfo<T> typeInfo, Func<T, SocketIoEvent, Task> handler, SocketIoServer server) => received =>
    {
        if (received.TryGet(0, typeInfo, out var value) && value is not null)
        {
            return handler(value, received);
        }

        Log.ArgumentsMismatched(server.Logger, received.Name);
        return Task.CompletedTask;
    };
}
