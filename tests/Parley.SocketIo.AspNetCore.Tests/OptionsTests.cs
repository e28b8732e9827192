using Microsoft.Extensions.Options;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task The_defaults_are_those_of_the_reference_implementation_and_start()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        var options = new SocketIoOptions();
        Assert.Equal(TimeSpan.FromSeconds(25), options.PingInterval);
        Assert.Equal(TimeSpan.FromSeconds(20), options.PingTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.UpgradeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(45), options.ConnectTimeout);
        Assert.Equal(1_000_000, options.MaxPayloadBytes);
        Assert.Empty(options.AllowedOrigins);
        Assert.Null(options.CookieName);

        // Many proxies cut a quiet connection after 60 s.
        Assert.True(options.PingInterval < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Impossible_values_refuse_to_start_and_every_one_is_named()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.StartAsync(_ => { }, options =>
        {
            options.MaxPayloadBytes = 2_000_000;
            options.MaxQueuedBytes = 1_000_000;
            options.AllowPolling = false;
            options.AllowWebSocket = false;
            options.PingInterval = TimeSpan.Zero;
            options.PingTimeout = TimeSpan.FromDays(2);
            options.MaxJsonDepth = 65;
            options.MessageBurst = 0;
            options.NodeName = "a.b";
            options.CookieName = "a;b";
            options.AllowedOrigins.Add("*");
            options.AllowedOrigins.Add("https://example.com/");
            options.AllowCredentials = true;
        }));
        foreach (var name in new[]
        {
            "MaxQueuedBytes", "AllowPolling", "PingInterval", "PingTimeout", "MaxJsonDepth", "MessageBurst", "NodeName", "CookieName", "https://example.com/", "AllowCredentials",
        })
        {
            Assert.Contains(exception.Failures, failure => failure.Contains(name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("http://localhost:5173")]
    [InlineData("https://[::1]:8443")]
    [InlineData("null")]
    public async Task Origins_can_be_allowed(string origin)
    {
        await using var server = await TestServer.StartAsync(_ => { }, options => options.AllowedOrigins.Add(origin));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("https://example.com/path")]
    [InlineData("")]
    public async Task What_is_no_origin_refuses_to_start(string origin) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.StartAsync(_ => { }, options => options.AllowedOrigins.Add(origin)));

    [Theory]
    [InlineData("/a,b")]
    [InlineData("/a\u001eb")]
    [InlineData("")]
    public async Task A_namespace_has_a_proper_name(string name)
    {
        await using var server = await TestServer.StartAsync(_ => { });
        Assert.ThrowsAny<ArgumentException>(() => server.Io.Of(name));
    }

    [Fact]
    public async Task A_namespace_is_one_whether_named_with_its_slash_or_without()
    {
        await using var server = await TestServer.StartAsync(_ => { });
        Assert.Same(server.Io.Of("/admin"), server.Io.Of("admin"));
        Assert.Same(server.Io.Default, server.Io.Of("/"));
    }
}
