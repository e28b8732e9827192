using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting.Tests;

/// <summary>The engine that a test runs on.</summary>
public enum EngineKind
{
    /// <summary>Batched on Linux, portable elsewhere, as for users.</summary>
    Default,

    /// <summary>Portable on every system.</summary>
    Portable,
}

/// <summary>
/// A web application with the relay in it, as a user would have it, on loopback: HTTP and HTTPS endpoints that serve TURN too,
/// UDP and TCP listeners on a port of their own.
/// </summary>
internal sealed class TurnHost : IAsyncDisposable
{
    public const string UserName = "alice";
    public const string Password = "correct horse";
    public const string Secret = "a secret of the tests";

    private static readonly Lazy<X509Certificate2> Certificate = new(() => TestCertificate.Create("localhost"));

    private readonly WebApplication _app;

    private TurnHost(WebApplication app, RecordedLogs logs) => (_app, Logs) = (app, logs);

    public TurnServer Server => _app.Services.GetRequiredService<TurnServer>();

    public IServiceProvider Services => _app.Services;

    /// <summary>Port of UDP and plain TCP.</summary>
    public int Port => Server.EndPoints[0].Port;

    public int HttpPort => new Uri(_app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))).Port;

    public int HttpsPort => new Uri(_app.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))).Port;

    public RecordedLogs Logs { get; }

    public static Task<TurnHost> StartAsync(EngineKind engine = EngineKind.Default, params (string Key, string Value)[] settings) =>
        StartAsync(engine, settings, builder => builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endPoint => endPoint.UseTurn());
            kestrel.Listen(IPAddress.Loopback, 0, endPoint =>
            {
                endPoint.UseHttps(Certificate.Value);
                endPoint.UseTurn();
            });
        }));

    /// <summary>As an operator has it: endpoints come from the configuration.</summary>
    public static Task<TurnHost> StartConfiguredAsync(TimeProvider time, params (string Key, string Value)[] kestrel) =>
        StartAsync(EngineKind.Default, [], builder =>
        {
            builder.Configuration.AddInMemoryCollection(kestrel.Select(setting => new KeyValuePair<string, string?>($"Kestrel:{setting.Key}", setting.Value)));
            builder.Services.AddSingleton(time);
            builder.WebHost.ConfigureKestrel(options => options.UseTurn());
        });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // The port that is free for UDP may be another program's on TCP, where the relay then does without; these tests need both.
    private static async Task<TurnHost> StartAsync(EngineKind engine, (string Key, string Value)[] settings, Action<WebApplicationBuilder> addEndPoints)
    {
        while (true)
        {
            var host = await StartOnceAsync(engine, settings, addEndPoints);
            if (!host.Server.Options.Enabled || host.Server.StreamEndPoints.Count == host.Server.EndPoints.Count || settings.Any(setting => setting.Key == "Port"))
            {
                return host;
            }

            await host.DisposeAsync();
        }
    }

    private static async Task<TurnHost> StartOnceAsync(EngineKind engine, (string Key, string Value)[] settings, Action<WebApplicationBuilder> addEndPoints)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Parley:Turn:Listen:0"] = "127.0.0.1",
            ["Parley:Turn:Listen:1"] = "::1",
            ["Parley:Turn:Port"] = "0",
            ["Parley:Turn:RelayAddress"] = "127.0.0.1,::1",
            ["Parley:Turn:RelayPortMin"] = "20000",
            ["Parley:Turn:RelayPortMax"] = "32000",
            ["Parley:Turn:AllowPrivatePeers"] = "true",
            [$"Parley:Turn:Users:{UserName}"] = Password,
            ["Parley:Turn:Secret"] = Secret,
            ["Parley:Turn:MaxUnauthenticatedRepliesPerSecond"] = "0",
            ["Parley:Turn:UsePortableEngine"] = (engine == EngineKind.Portable).ToString(),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>($"Parley:Turn:{setting.Key}", setting.Value)));
        builder.Services.AddTurnServer();
        builder.WebHost.UseKestrelHttpsConfiguration();
        addEndPoints(builder);
        var logs = new RecordedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        var app = builder.Build();
        app.MapGet("/", () => "hello");
        await app.StartAsync();
        return new TurnHost(app, logs);
    }
}
