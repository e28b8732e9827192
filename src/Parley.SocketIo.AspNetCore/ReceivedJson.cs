using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Reads what a client sent as a type of the application's.</summary>
internal static class ReceivedJson
{
    /// <summary>False if the JSON is of another shape: the client's mistake, and for the caller to answer.</summary>
    public static bool TryDeserialize<T>(ReadOnlyMemory<byte> utf8Json, JsonTypeInfo<T> typeInfo, out T? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(utf8Json.Span, typeInfo);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
