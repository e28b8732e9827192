using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Turn.Hosting.Tls;

namespace Parley.Turn.Hosting;

/// <summary>Puts STUN and TURN on every port of the web server.</summary>
public static class TurnKestrelExtensions
{
    /// <summary>
    /// Serves STUN and TURN beside HTTP on the endpoints of <c>--urls</c> and of the configuration section <c>Kestrel</c>, after TLS
    /// where an endpoint of that section has TLS. Its certificate files are read again when they change.
    /// An <c>https</c> address in <c>--urls</c> cannot be reached behind its TLS; name such endpoints in the configuration instead:
    /// <c>Kestrel:Endpoints:Https:Url</c>. Sets the endpoint defaults.
    /// </summary>
    public static KestrelServerOptions UseTurn(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.ConfigureEndpointDefaults(endPoint => endPoint.UseTurn());
        if (kestrel.ConfigurationLoader is { } loader)
        {
            foreach (var endPoint in loader.Configuration.GetSection("Endpoints").GetChildren())
            {
                loader.Endpoint(endPoint.Key, configured => UseTurnAfterTls(loader, configured));
            }
        }

        return kestrel;
    }

    private static void UseTurnAfterTls(KestrelConfigurationLoader loader, EndpointConfiguration endPoint)
    {
        if (!endPoint.IsHttps)
        {
            return; // The defaults have done it.
        }

        var https = endPoint.HttpsOptions;
        var files = FilesOf(endPoint.ConfigSection.GetSection("Certificate"), endPoint.ListenOptions) ?? FilesOf(loader.Configuration.GetSection("Certificates:Default"), endPoint.ListenOptions);
        https.OnAuthenticate += (_, tls) =>
        {
            AddProtocolNames(tls);
            if (files is not null)
            {
                tls.ServerCertificateContext = files.Context;
                tls.ServerCertificate = null;
            }
        };
        endPoint.ListenOptions.UseHttps(https);
        endPoint.ListenOptions.UseTurn();
    }

    /// <summary>Lets in clients that offer the names of RFC 7443 only.</summary>
    private static void AddProtocolNames(SslServerAuthenticationOptions tls) =>
        tls.ApplicationProtocols = [.. tls.ApplicationProtocols ?? [], new("stun.turn"), new("stun.nat-discovery")];

    private static CertificateFiles? FilesOf(IConfigurationSection section, ListenOptions endPoint)
    {
        if (section["Path"] is not { Length: > 0 } path)
        {
            return null;
        }

        var services = endPoint.ApplicationServices;
        var root = services.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var keyPath = section["KeyPath"] is { Length: > 0 } key ? Path.Combine(root, key) : null;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var files = new CertificateFiles(Path.Combine(root, path), keyPath, section["Password"], time, services.GetRequiredService<ILogger<TurnServer>>());
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(files.Dispose);
        return files;
    }
}
