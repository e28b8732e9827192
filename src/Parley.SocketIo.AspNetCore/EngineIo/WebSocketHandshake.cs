using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>
/// Turns a request into a WebSocket: RFC 6455 section 4.2 over HTTP/1.1, RFC 8441 over HTTP/2. Ours and not the framework's, whose WebSocket costs a connection
/// a kilobyte more while it idles, and two more steps for each message.
/// </summary>
internal static class WebSocketHandshake
{
    private const int KeyBytes = 16;
    private const int KeyLength = 24;

    /// <summary>A WebSocket's two directions.</summary>
    public readonly record struct Accepted(PipeReader Input, Stream Output);

    /// <summary>Whether a request asks for a WebSocket.</summary>
    public static bool IsAskedFor(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            return connect.Protocol == "websocket" && headers.SecWebSocketVersion == "13";
        }

        return context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
            && HttpMethods.IsGet(context.Request.Method)
            && headers.SecWebSocketVersion == "13"
            && string.Equals(headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)
            && IsKey(headers.SecWebSocketKey.ToString());
    }

    /// <summary>Answers a request that <see cref="IsAskedFor"/>.</summary>
    public static ValueTask<Accepted> AcceptAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            return OverStreamAsync(connect.AcceptAsync());
        }

        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Answer(context.Request.Headers.SecWebSocketKey.ToString());
        var upgrade = context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();

        // Where the web server lets us, its pipe is read, which keeps nothing for a connection that idles; that is what the server's own stream does as well.
        return context.Features.Get<IConnectionTransportFeature>() is { } transport
            ? OverPipeAsync(upgrade, transport.Transport.Input)
            : OverStreamAsync(new ValueTask<Stream>(upgrade));
    }

    private static async ValueTask<Accepted> OverPipeAsync(Task<Stream> upgrade, PipeReader input) => new(input, await upgrade);

    private static async ValueTask<Accepted> OverStreamAsync(ValueTask<Stream> accept)
    {
        var stream = await accept;
        return new(PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)), stream);
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 2];
        return key.Length == KeyLength && Convert.TryFromBase64String(key, bytes, out var length) && length == KeyBytes;
    }

    private static string Answer(string key)
    {
        Span<byte> text = stackalloc byte[KeyLength + 36];
        Encoding.ASCII.GetBytes(key, text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[KeyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What RFC 6455 prescribes; it keeps caches out, and no secret depends on it.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }
}
