using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>A Socket.IO server on Kestrel, on a free port of the loopback address.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(WebApplication app)
    {
        App = app;
        Io = app.Services.GetRequiredService<SocketIoServer>();
        Url = new Uri(app.Urls.Single());
    }

    public WebApplication App { get; }

    public SocketIoServer Io { get; }

    public Uri Url { get; }

    public static async Task<TestServer> StartAsync(Action<SocketIoServer> handlers, Action<SocketIoOptions>? options = null, Action<WebApplicationBuilder>? builder = null)
    {
        var web = WebApplication.CreateSlimBuilder();
        web.WebHost.UseUrls("http://127.0.0.1:0");
        web.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);

        // Stopping waits this long for polling clients that are not there, as half the tests leave behind.
        web.Services.AddSocketIo(settings =>
        {
            settings.CloseTimeout = TimeSpan.FromMilliseconds(300);
            options?.Invoke(settings);
        });
        if (InlineMode.IsOn)
        {
            web.WebHost.UseInlineSocketIo();
        }

        builder?.Invoke(web);
        var app = web.Build();
        app.MapSocketIo("/socket.io", handlers);
        await app.StartAsync();
        return new TestServer(app);
    }

    /// <summary>The one socket of a namespace. Its client hears of its connection before anybody can find it here.</summary>
    public async Task<SocketIoSocket> OnlySocketAsync(string name = "/")
    {
        await Eventually.HoldsAsync(() => Io.Of(name).Count > 0, "The socket");
        return Io.Of(name).Sockets.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
