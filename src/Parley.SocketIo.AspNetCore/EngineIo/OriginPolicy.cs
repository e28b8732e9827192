using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>
/// Which pages may connect. Browsers keep pages of other sites from reading polling answers, but WebSockets know no such rule, so the Origin header is
/// checked here for both.
/// </summary>
internal sealed class OriginPolicy(SocketIoOptions options)
{
    private readonly bool _any = options.AllowedOrigins.Contains("*");
    private readonly FrozenSet<string> _allowed = options.AllowedOrigins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the Origin header has characters that no origin has.</summary>
    public static bool IsBroken(HttpContext context) => context.Request.Headers.Origin.ToString().Any(char.IsControl);

    /// <summary>Decides about a request, and writes the headers that let the browser of an allowed origin read the answer.</summary>
    public bool Apply(HttpContext context, bool isPreflight)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || IsOwn(context.Request, origin))
        {
            return true;
        }

        if (!_any && !_allowed.Contains(origin))
        {
            return false;
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = _any ? "*" : origin;
        if (!_any)
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        if (options.AllowCredentials)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        if (isPreflight)
        {
            headers.AccessControlAllowMethods = "GET, POST";
            headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        }

        return true;
    }

    // Host and port are compared; the scheme is not, because behind a proxy that ends TLS the server does not know it.
    private static bool IsOwn(HttpRequest request, string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri))
        {
            return false;
        }

        var host = request.Host;
        var port = host.Port ?? uri.Port;
        var samePort = uri.Port == port || (host.Port is null && uri.IsDefaultPort);
        return samePort && string.Equals(uri.IdnHost.Trim('[', ']'), host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);
    }
}
