using System.Globalization;
using Microsoft.AspNetCore.Http;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>The HTTP side: checks each request as the protocol orders, and hands it to its session.</summary>
internal sealed partial class EngineIoEndpoint(EngineIoServer server)
{
    private const string RetryAfterSeconds = "10";

    private readonly OriginPolicy _origins = new(server.Options);

    // Not asynchronous down to the transport: each frame of an asynchronous method would be kept in memory for as long as the connection lasts.
    public Task HandleAsync(HttpContext context)
    {
        var isPreflight = HttpMethods.IsOptions(context.Request.Method);
        var originAllowed = _origins.Apply(context, isPreflight);
        if (isPreflight)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var query = EngineIoQuery.Of(context);
        EngineIoTransport transport;
        switch (query.Transport)
        {
            case "polling" when server.Options.AllowPolling:
                transport = EngineIoTransport.Polling;
                break;
            case "websocket" when server.Options.AllowWebSocket:
                transport = EngineIoTransport.WebSocket;
                break;
            default:
                return RefuseAsync(context, EngineIoError.TransportUnknown);
        }

        if (OriginPolicy.IsBroken(context))
        {
            return RefuseAsync(context, EngineIoError.BadRequest);
        }

        return query.Sid is null ? OpenAsync(context, query, transport, originAllowed) : ContinueAsync(context, query, transport, originAllowed);
    }

    // A request of a session.
    private Task ContinueAsync(HttpContext context, in EngineIoQuery query, EngineIoTransport transport, bool originAllowed)
    {
        if (!server.TryGet(query.Sid!, out var connection))
        {
            Log.SessionUnknown(server.Logger);
            return RefuseAsync(context, EngineIoError.SessionIdUnknown);
        }

        if (query.Version != "4" || !Fits(context, transport))
        {
            return RefuseAsync(context, EngineIoError.BadRequest);
        }

        if (!originAllowed)
        {
            return RefuseAsync(context, EngineIoError.Forbidden, "Origin not allowed");
        }

        if (transport == EngineIoTransport.WebSocket)
        {
            return UpgradeAsync(context, connection);
        }

        if (HttpMethods.IsGet(context.Request.Method))
        {
            return PollAsync(context, connection);
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            return PostAsync(context, connection);
        }

        context.Response.Headers.Allow = "GET, POST, OPTIONS";
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    private Task OpenAsync(HttpContext context, in EngineIoQuery query, EngineIoTransport transport, bool originAllowed)
    {
        if (transport == EngineIoTransport.Polling && !HttpMethods.IsGet(context.Request.Method))
        {
            return RefuseAsync(context, EngineIoError.BadHandshakeMethod);
        }

        if (!Fits(context, transport))
        {
            return RefuseAsync(context, EngineIoError.BadRequest);
        }

        if (!originAllowed)
        {
            return RefuseAsync(context, EngineIoError.Forbidden, "Origin not allowed");
        }

        return server.Options.AllowRequest is { } allowRequest ? AskAsync(context, query, transport, allowRequest) : AdmitAsync(context, query, transport);
    }

    private async Task AskAsync(HttpContext context, EngineIoQuery query, EngineIoTransport transport, Func<HttpContext, ValueTask<string?>> allowRequest)
    {
        if (await allowRequest(context) is { } refusal)
        {
            await RefuseAsync(context, EngineIoError.Forbidden, refusal);
            return;
        }

        await AdmitAsync(context, query, transport);
    }

    private Task AdmitAsync(HttpContext context, in EngineIoQuery query, EngineIoTransport transport)
    {
        if (query.Version != "4")
        {
            return RefuseAsync(context, EngineIoError.UnsupportedProtocolVersion);
        }

        var admission = server.TryAdmit(context, out var address);
        if (admission != Admission.Admitted)
        {
            return RefuseAsync(context, admission);
        }

        var connection = server.Open(context, transport, query.TextOnly, address);
        Log.ConnectionOpened(server.Logger, transport);
        SetCookie(context, connection);
        return transport == EngineIoTransport.Polling ? PollAsync(context, connection) : RunWebSocketAsync(context, connection);
    }

    // A WebSocket is asked for by an upgrade request, and by nothing else.
    private static bool Fits(HttpContext context, EngineIoTransport transport) => WebSocketHandshake.IsAskedFor(context) == (transport == EngineIoTransport.WebSocket);

    private void SetCookie(HttpContext context, EngineIoConnection connection)
    {
        if (server.Options.CookieName is { } name)
        {
            context.Response.Headers.Append("Set-Cookie", $"{name}={connection.Sid}; Path=/; HttpOnly; SameSite=Lax");
        }
    }

    private Task RefuseAsync(HttpContext context, Admission admission)
    {
        var (words, status) = admission switch
        {
            Admission.Closing => ("Server shutting down", StatusCodes.Status503ServiceUnavailable),
            Admission.TooManyConnections => ("Too many connections", StatusCodes.Status503ServiceUnavailable),
            Admission.TooManyFromAddress => ("Too many connections from this address", StatusCodes.Status429TooManyRequests),
            _ => ("Too many handshakes from this address", StatusCodes.Status429TooManyRequests),
        };
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return RefuseAsync(context, EngineIoError.Forbidden, words, status);
    }

    private Task RefuseAsync(HttpContext context, EngineIoError error, string? message = null, int? status = null)
    {
        server.Metrics.RequestRefused(error);
        Log.RequestRefused(server.Logger, error);
        message ??= error.Message();
        var response = context.Response;
        if (WebSocketHandshake.IsAskedFor(context))
        {
            response.StatusCode = status ?? StatusCodes.Status400BadRequest;
            response.ContentType = "text/html";
            response.Headers.Connection = HttpProtocol.IsHttp11(context.Request.Protocol) ? "close" : default;
            return response.WriteAsync(message, context.RequestAborted);
        }

        response.StatusCode = status ?? (error == EngineIoError.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest);
        response.ContentType = "application/json";
        var json = System.Text.Encoding.UTF8.GetString(JsonBytes(message));
        return response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"code\":{(int)error},\"message\":{json}}}"), context.RequestAborted);
    }

    private static ReadOnlySpan<byte> JsonBytes(string text) => ((SocketIoArgument)text).Json.Span;
}
