using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Serves the official browser client, out of the assembly, under the names that pages know it by.</summary>
internal static class ClientBundle
{
    private const string Folder = "client/";

    private static readonly FrozenDictionary<string, Lazy<BundleFile>> Files = typeof(ClientBundle).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], name => new Lazy<BundleFile>(() => BundleFile.Load(name)), StringComparer.Ordinal);

    /// <summary>Maps each file; no other name is looked up.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, string prefix)
    {
        foreach (var (name, file) in Files)
        {
            endpoints.MapMethods($"{prefix}/{name}", [HttpMethods.Get, HttpMethods.Head], context => SendAsync(context, file.Value));
        }
    }

    private static async Task SendAsync(HttpContext context, BundleFile file)
    {
        var headers = context.Response.Headers;
        headers.ETag = file.ETag;
        headers.CacheControl = "public, max-age=0";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(file.Tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
        }
    }

    private sealed record BundleFile(byte[] Bytes, string ContentType, string ETag, EntityTagHeaderValue Tag)
    {
        public static BundleFile Load(string resource)
        {
            using var stream = typeof(ClientBundle).Assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"";
            var type = resource.EndsWith(".map", StringComparison.Ordinal) ? "application/json; charset=utf-8" : "application/javascript; charset=utf-8";
            return new BundleFile(bytes, type, tag, EntityTagHeaderValue.Parse(tag));
        }
    }
}
