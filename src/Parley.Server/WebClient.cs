using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Parley.Signaling;

namespace Parley.Server;

/// <summary>Serves the page out of the assembly: its files by name, and <c>index.html</c> for every address that a person may come to.</summary>
internal static class WebClient
{
    // Nothing from anywhere else, nothing inline. The camera's picture and recordings are blobs; WebSockets of the same origin are 'self'.
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: mediastream:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Programs and the page itself ask here; what is not there is not found, in few bytes.
    private static readonly string[] NotForPeople = ["/socket.io", "/health", "/assets/"];

    /// <summary>Maps <c>/</c>, <c>/r/{room}</c> and the files that the page is made of. Any other address gets the page too, as 404: the page says so.</summary>
    public static void MapWebClient(this WebApplication app)
    {
        var files = new ManifestEmbeddedFileProvider(typeof(WebClient).Assembly, "web");
        // Not for signaling, where secrets and what the other side chooses share a body.
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/socket.io", StringComparison.Ordinal), branch => branch.UseResponseCompression());
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = SetHeaders });

        var index = files.GetFileInfo("index.html");
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/", reading, context => SendPageAsync(context, index));
        app.MapMethods("/r/{**room}", reading, context => SendPageAsync(context, index, RoomName.IsValid(context.GetRouteValue("room") as string)));
        // Addresses that end like the name of a file are files', and there is none of that name.
        app.MapFallback("{**path:nonfile}", context => IsForPeople(context.Request) ? SendPageAsync(context, index, exists: false) : RefuseAsync(context));
    }

    private static bool IsForPeople(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !NotForPeople.Any(start => request.Path.Value!.StartsWith(start, StringComparison.Ordinal));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task SendPageAsync(HttpContext context, IFileInfo index, bool exists = true)
    {
        context.Response.StatusCode = exists ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
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
