using System.Globalization;
using Microsoft.AspNetCore.Http;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>The HTTP side: checks each request as the protocol orders, and hands it to its session.</summary>
internal sealed partial class EngineIoEndpoint(EngineIoServer server)
{
    private const string RetryAfterSeconds = "10";

    private readonly OriginPolicy _origins = new(server.Options);

    public async Task HandleAsync(HttpContext context)
    {
        var isPreflight = HttpMethods.IsOptions(context.Request.Method);
        var originAllowed = _origins.Apply(context, isPreflight);
        if (isPreflight)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var query = context.Request.Query;
        EngineIoTransport transport;
        switch (query["transport"].ToString())
        {
            case "polling" when server.Options.AllowPolling:
                transport = EngineIoTransport.Polling;
                break;
            case "websocket" when server.Options.AllowWebSocket:
                transport = EngineIoTransport.WebSocket;
                break;
            default:
                await RefuseAsync(context, EngineIoError.TransportUnknown);
                return;
        }

        if (OriginPolicy.IsBroken(context))
        {
            await RefuseAsync(context, EngineIoError.BadRequest);
            return;
        }

        if (query.TryGetValue("sid", out var sid))
        {
            await ContinueAsync(context, transport, sid.ToString(), originAllowed);
        }
        else
        {
            await OpenAsync(context, transport, originAllowed);
        }
    }

    // A request of a session.
    private async Task ContinueAsync(HttpContext context, EngineIoTransport transport, string sid, bool originAllowed)
    {
        if (!server.TryGet(sid, out var connection))
        {
            Log.SessionUnknown(server.Logger);
            await RefuseAsync(context, EngineIoError.SessionIdUnknown);
        }
        else if (context.Request.Query["EIO"].ToString() != "4" || !Fits(context, transport))
        {
            await RefuseAsync(context, EngineIoError.BadRequest);
        }
        else if (!originAllowed)
        {
            await RefuseAsync(context, EngineIoError.Forbidden, "Origin not allowed");
        }
        else if (transport == EngineIoTransport.WebSocket)
        {
            await UpgradeAsync(context, connection);
        }
        else if (HttpMethods.IsGet(context.Request.Method))
        {
            await PollAsync(context, connection);
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await PostAsync(context, connection);
        }
        else
        {
            context.Response.Headers.Allow = "GET, POST, OPTIONS";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
    }

    private async Task OpenAsync(HttpContext context, EngineIoTransport transport, bool originAllowed)
    {
        if (transport == EngineIoTransport.Polling && !HttpMethods.IsGet(context.Request.Method))
        {
            await RefuseAsync(context, EngineIoError.BadHandshakeMethod);
            return;
        }

        if (!Fits(context, transport))
        {
            await RefuseAsync(context, EngineIoError.BadRequest);
            return;
        }

        if (!originAllowed)
        {
            await RefuseAsync(context, EngineIoError.Forbidden, "Origin not allowed");
            return;
        }

        if (server.Options.AllowRequest is { } allowRequest && await allowRequest(context) is { } refusal)
        {
            await RefuseAsync(context, EngineIoError.Forbidden, refusal);
            return;
        }

        if (context.Request.Query["EIO"].ToString() != "4")
        {
            await RefuseAsync(context, EngineIoError.UnsupportedProtocolVersion);
            return;
        }

        var admission = server.TryAdmit(context, out var address);
        if (admission != Admission.Admitted)
        {
            await RefuseAsync(context, admission);
            return;
        }

        var connection = server.Open(context, transport, address);
        Log.ConnectionOpened(server.Logger, transport);
        SetCookie(context, connection);
        if (transport == EngineIoTransport.Polling)
        {
            await PollAsync(context, connection);
        }
        else
        {
            await RunWebSocketAsync(context, connection);
        }
    }

    // A WebSocket is asked for by an upgrade request, and by nothing else.
    private static bool Fits(HttpContext context, EngineIoTransport transport) => context.WebSockets.IsWebSocketRequest == (transport == EngineIoTransport.WebSocket);

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
        if (context.WebSockets.IsWebSocketRequest)
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
