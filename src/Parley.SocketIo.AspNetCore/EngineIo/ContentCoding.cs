using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Parley.SocketIo.AspNetCore.EngineIo;

/// <summary>Compression of answers to polling GETs: gzip or deflate, as the reference implementation offers.</summary>
internal static class ContentCoding
{
    /// <summary>What the client can read and we can write; null for none.</summary>
    public static string? Choose(HttpRequest request)
    {
        string? deflate = null;
        foreach (var accepted in request.GetTypedHeaders().AcceptEncoding)
        {
            if (accepted.Quality == 0)
            {
                continue;
            }

            if (accepted.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return "gzip";
            }

            if (accepted.Value.Equals("deflate", StringComparison.OrdinalIgnoreCase))
            {
                deflate = "deflate";
            }
        }

        return deflate;
    }

    /// <summary>A stream that compresses into another, which stays open.</summary>
    public static Stream Compress(Stream to, string coding) => coding == "gzip"
        ? new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true)
        : new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true);
}
