using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Parley.Server;

/// <summary>Serves the page out of the assembly: its files by name, and <c>index.html</c> for the page's own addresses.</summary>
internal static class WebClient
{
    // Nothing from anywhere else, nothing inline. The camera's picture and recordings are blobs; WebSockets of the same origin are 'self'.
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: mediastream:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps <c>/</c>, <c>/r/{room}</c> and the files that the page is made of.</summary>
    public static void MapWebClient(this WebApplication app)
    {
        var files = new ManifestEmbeddedFileProvider(typeof(WebClient).Assembly, "web");
        // Not for signaling, where secrets and what the other side chooses share a body.
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/socket.io", StringComparison.Ordinal), branch => branch.UseResponseCompression());
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = SetHeaders });

        var index = files.GetFileInfo("index.html");
        app.MapGet("/", context => SendPageAsync(context, index));
        app.MapGet("/r/{room}", context => SendPageAsync(context, index));
    }

    private static Task SendPageAsync(HttpContext context, IFileInfo index)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // The address of a room is its key: no other site is told where a person came from.
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()";
        return context.Response.SendFileAsync(index, context.RequestAborted);
    }

    // The bundler puts a hash of the content into the name of what lies in assets/, so that never changes.
    private static void SetHeaders(StaticFileResponseContext response)
    {
        var headers = response.Context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = response.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "no-cache";
    }
}
