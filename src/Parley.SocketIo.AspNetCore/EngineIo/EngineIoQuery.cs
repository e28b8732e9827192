using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>The parameters of a request that are the protocol's. Not <c>HttpRequest.Query</c>: the request would keep that as long as a WebSocket lasts.</summary>
internal readonly record struct EngineIoQuery
{
    private EngineIoQuery(HttpContext context)
    {
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            var value = pair.DecodeValue();
            switch (pair.DecodeName().Span)
            {
                case "transport":
                    Transport = Join(Transport, value);
                    break;
                case "sid":
                    Sid = Join(Sid, value);
                    break;
                case "EIO":
                    Version = Join(Version, value);
                    break;
                case "b64":
                    TextOnly = true;
                    break;
            }
        }
    }

    public string? Transport { get; }

    /// <summary>The session's id; null in a request that opens one.</summary>
    public string? Sid { get; }

    public string? Version { get; }

    /// <summary>The client wants binary as text.</summary>
    public bool TextOnly { get; }

    public static EngineIoQuery Of(HttpContext context) => new(context);

    // A parameter that comes twice is none of the values that are known.
    private static string Join(string? before, ReadOnlyMemory<char> value) => before is null ? Known(value.Span) ?? value.ToString() : $"{before},{value}";

    private static string? Known(ReadOnlySpan<char> value) => value switch
    {
        "websocket" => "websocket",
        "polling" => "polling",
        "4" => "4",
        _ => null,
    };
}
