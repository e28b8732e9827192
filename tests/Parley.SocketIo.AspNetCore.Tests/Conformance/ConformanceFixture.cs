using Microsoft.AspNetCore.Builder;
using Parley.SocketIo.AspNetCore.Tests.Support;
using Parley.SocketIo.ConformanceHost;

namespace Parley.SocketIo.AspNetCore.Tests.Conformance;

/// <summary>The conformance host on a free port, once as the suites want it and once with more patience, for a busy machine.</summary>
public sealed class ConformanceFixture : IAsyncLifetime
{
    private readonly WebApplication _punctual = ConformanceServer.Build(["--urls", "http://127.0.0.1:0", .. InlineMode.Arguments]);
    private readonly WebApplication _patient = ConformanceServer.Build(["--urls", "http://127.0.0.1:0", "--Patient", "true", .. InlineMode.Arguments]);

    /// <summary>Pings after 300 ms and waits 200 ms for a pong; 1 s for CONNECT.</summary>
    public Uri Punctual => new(_punctual.Urls.Single());

    /// <summary>Pings after 300 ms too, but waits 10 s.</summary>
    public Uri Patient => new(_patient.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        await _punctual.StartAsync();
        await _patient.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _punctual.StopAsync();
        await _patient.StopAsync();
        await _punctual.DisposeAsync();
        await _patient.DisposeAsync();
    }
}
