using Parley.Testing;

[assembly: AssemblyFixture(typeof(Parley.Browser.Tests.Stage))]

// Calls are software-encoded video: side by side they would only measure how busy the machine is.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Parley.Browser.Tests;

/// <summary>What all tests share: one server program and two Chromium processes, one for each person's place. Each test brings new contexts.</summary>
public sealed class Stage : IAsyncLifetime
{
    /// <summary>The server under test.</summary>
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The browsers of the two places; a third person shares the second.</summary>
    public Chromium[] Browsers { get; private set; } = [];

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var server = ServerProcess.StartAsync();
        var browsers = Task.WhenAll(Chromium.LaunchAsync(), Chromium.LaunchAsync());
        Server = await server;
        Browsers = await browsers;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var browser in Browsers)
        {
            await browser.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
