using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Parley.Server;

/// <summary>Serves the page out of the assembly: its files by name, and <c>index.html</c> for the page's own addresses.</summary>
internal static class WebClient
{
    /// <summary>Maps <c>/</c>, <c>/r/{room}</c> and the files that the page is made of.</summary>
    public static void MapWebClient(this WebApplication app)
    {
        var files = new ManifestEmbeddedFileProvider(typeof(WebClient).Assembly, "web");
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = SetCaching });

        var index = files.GetFileInfo("index.html");
        app.MapGet("/", (HttpContext context) => SendPage(context, index));
        app.MapGet("/r/{room}", (HttpContext context) => SendPage(context, index));
    }

    private static Task SendPage(HttpContext context, IFileInfo index)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.SendFileAsync(index, context.RequestAborted);
    }

    // The bundler puts a hash of the content into the name of what lies in assets/, so that never changes.
    private static void SetCaching(StaticFileResponseContext response)
    {
        var headers = new ResponseHeaders(response.Context.Response.Headers);
        headers.CacheControl = response.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
            ? new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } }
            : new CacheControlHeaderValue { NoCache = true };
    }
}
