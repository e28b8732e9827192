using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Parley.AspNetCore.Tests;

/// <summary>An application with Parley in it, on a port of its own; its clock stands still until a test moves it.</summary>
internal sealed class ParleyHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ParleyHost(WebApplication app, FakeTimeProvider clock)
    {
        _app = app;
        Clock = clock;
    }

    public FakeTimeProvider Clock { get; }

    public Uri Url => new(_app.Urls.Single());

    /// <summary>What the application gives to whoever asks it for a service.</summary>
    public IServiceProvider Services => _app.Services;

    public static async Task<ParleyHost> StartAsync(params (string Key, string Value)[] configuration)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Parley:Turn:Port"] = "0";
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddParley();
        var app = builder.Build();
        app.MapParley();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ParleyHost(app, clock);
    }

    public Task<SignalingClient> ConnectAsync() => SignalingClient.ConnectAsync(Url);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
