using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Parley.Turn.Hosting;

namespace Parley.Server;

/// <summary>
/// The endpoints of the web server, from <c>Kestrel:Endpoints</c> or else <c>--urls</c>, each with HTTP and TURN on one port.
/// They are made in code because TURN must be told from HTTP behind TLS, and what Kestrel adds to endpoints by default stands in front of it.
/// </summary>
internal static class WebEndpoints
{
    /// <summary>Listens where the configuration says, or on <paramref name="defaultUrl"/>.</summary>
    /// <exception cref="FormatException">An address is not one; the message names it. Thrown as the server starts.</exception>
    public static void UseWebEndpoints(this IWebHostBuilder web, IConfiguration configuration, string defaultUrl)
    {
        var urls = configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } configured ? configured : defaultUrl;
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList();
            if (endpoints.Count == 0)
            {
                Listen(kestrel, urls);
                return;
            }

            var loader = kestrel.Configure(configuration.GetSection("Kestrel"), reloadOnChange: true);
            foreach (var endpoint in endpoints)
            {
                loader.Endpoint(endpoint.Key, options =>
                {
                    if (options.IsHttps)
                    {
                        options.ListenOptions.UseHttps(options.HttpsOptions);
                    }

                    options.ListenOptions.UseTurn();
                });
            }
        });
    }

    private static void Listen(KestrelServerOptions kestrel, string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            Listen(kestrel, address, address.Scheme switch
            {
                "https" => static endpoint => endpoint.UseHttps().UseTurn(),
                "http" => static endpoint => endpoint.UseTurn(),
                _ => throw new FormatException($"--urls has '{url}': addresses begin with http:// or https://."),
            });
        }
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, Action<ListenOptions> configure)
    {
        if (address.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(address.UnixPipePath, configure);
        }
        else if (address.Host == "localhost")
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else
        {
            // As Kestrel itself has it: any other host name means all addresses.
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }
}
