using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Parley.Testing;

namespace Parley.Server.Tests;

/// <summary>What a person meets who starts the program: a link, or one clear sentence.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task It_prints_the_link()
    {
        await using var server = await ServerProcess.StartAsync();
        var line = Assert.Single(server.Output, line => line.StartsWith("Parley is ready", StringComparison.Ordinal));
        Assert.Equal($"Parley is ready: open {server.Address.OriginalString.TrimEnd('/')} and send the link of your call to one other person.", line);
    }

    [Fact]
    public async Task It_prints_an_address_that_a_browser_can_open_when_it_listens_everywhere()
    {
        await using var server = await ServerProcess.StartAsync([], ["--urls", "http://0.0.0.0:0", "--Parley:Turn:Port=0"]);
        Assert.Equal("localhost", server.Address.Host);
    }

    [Fact]
    public async Task It_prints_the_public_address_where_there_is_one()
    {
        await using var server = await ServerProcess.StartAsync([], ["--urls", "http://127.0.0.1:0", "--Parley:Turn:Port=0", "--Parley:PublicUrl=https://call.example.org:8443/"]);
        Assert.Contains(server.Output, line => line.Contains("https://call.example.org:8443/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_ends_well_when_asked_to()
    {
        await using var server = await ServerProcess.StartAsync();
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task An_occupied_port_is_one_sentence_and_an_exit_code()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, error) = await RunToEndAsync("--urls", $"http://127.0.0.1:{port}", "--Parley:Turn:Port=0");
        Assert.NotEqual(0, exitCode);
        Assert.Equal(
            $"Failed to bind to address http://127.0.0.1:{port}: address already in use. Stop the program that uses it, or choose another port: dotnet run --project src/Parley.Server -- --urls http://localhost:8081",
            error.Trim());
    }

    [Fact]
    public async Task An_occupied_relay_port_is_one_sentence_and_an_exit_code()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;
        var (exitCode, error) = await RunToEndAsync("--urls", "http://127.0.0.1:0", $"--Parley:Turn:Port={port}");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Parley:Turn:Port", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_where_the_relay_serves()
    {
        await using var server = await ServerProcess.StartAsync();
        Assert.Contains(server.Output, line => line.Contains("STUN and TURN on UDP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_in_the_configuration_is_said_with_its_key()
    {
        var (exitCode, error) = await RunToEndAsync("--urls", "http://127.0.0.1:0", "--Parley:Rooms:ResumeWindw=00:01:00");
        Assert.NotEqual(0, exitCode);
        Assert.StartsWith("Parley:Rooms:ResumeWindw is not a setting of Parley", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Error)> RunToEndAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Repository.ProgramOf("Parley.Server"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, await error);
    }
}
