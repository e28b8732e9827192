using Parley.Turn.Hosting;

namespace Parley.Server;

/// <summary>The web server's endpoints, each of which serves STUN and TURN too.</summary>
internal static class WebEndpoints
{
    private const string DefaultUrl = "http://localhost:8080";

    public static void AddWebEndpoints(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var urls = configuration[WebHostDefaults.ServerUrlsKey];
        var hasEndPoints = configuration.GetSection("Kestrel:Endpoints").Exists();
        if (string.IsNullOrEmpty(urls) && !hasEndPoints)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        else if (!hasEndPoints && urls!.Contains("https:", StringComparison.OrdinalIgnoreCase))
        {
            // The TLS of an address is beyond our reach; that of a named endpoint is not, so the addresses become endpoints.
            foreach (var (index, url) in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Index())
            {
                configuration[$"Kestrel:Endpoints:Url{index}:Url"] = url;
            }

            // Kestrel would warn that the endpoints take the place of the addresses. A list of none, since an empty value would be looked
            // up once more, where the command line and the environment are as they were given.
            builder.WebHost.UseUrls(";");
        }

        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.UseTurn();
        });
    }
}
