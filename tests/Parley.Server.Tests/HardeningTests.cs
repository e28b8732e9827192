using System.Diagnostics;
using System.Net;
using Parley.Testing;

namespace Parley.Server.Tests;

/// <summary>The items of the relay's security checklist that concern the program as a whole.</summary>
public sealed class HardeningTests
{
    private const string TurnSecret = "the-secret-of-the-relay-in-this-test";
    private const string UserPassword = "the-password-of-a-fixed-user-in-this-test";
    private const string TicketKey = "the-key-of-the-tickets-in-this-test";

    [Fact]
    public async Task Item_13_There_is_nothing_to_administer_from_outside_and_no_secret_is_written()
    {
        await using var server = await ServerProcess.StartAsync(
            "--Logging:LogLevel:Default=Trace",
            "--Logging:LogLevel:Microsoft=Trace",
            "--Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel=Trace",
            $"--Parley:Turn:Secret={TurnSecret}",
            $"--Parley:Turn:Users:alice={UserPassword}",
            $"--Parley:Rooms:TicketKey={TicketKey}");
        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var path in new[] { "/admin", "/turn", "/metrics", "/config", "/api", "/debug", "/swagger", "/iceservers", "/credentials" })
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        await server.StopAsync();
        Assert.DoesNotContain(server.Output, line => new[] { TurnSecret, UserPassword, TicketKey }.Any(secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    /// <summary>As nobody, without capabilities, on a file system that is read-only to the last file.</summary>
    [Fact]
    public async Task Item_17_It_runs_without_privileges_on_a_read_only_file_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may give its privileges away like this.");
        await using var server = await ServerProcess.StartAsync(
            ["unshare", "--mount", "sh", "-c", "mount -o remount,ro,bind / && exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all \"$@\"", "sh"],
            ["--urls", "http://127.0.0.1:0", "--Parley:Turn:Port=0"]);
        using var http = new HttpClient { BaseAddress = server.Address };
        Assert.Contains("<title>", await http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var status = Process.GetProcessesByName("Parley.Server").Select(process => TryRead($"/proc/{process.Id}/status")).Where(text => text.Contains("\nUid:\t65534", StringComparison.Ordinal));
        Assert.Contains(status, text => text.Contains("\nCapEff:\t0000000000000000", StringComparison.Ordinal) && text.Contains("\nNoNewPrivs:\t1", StringComparison.Ordinal));
    }

    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return string.Empty; // ended meanwhile
        }
    }
}
