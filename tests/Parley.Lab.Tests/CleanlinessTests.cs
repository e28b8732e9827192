using System.Diagnostics;
using System.Net.NetworkInformation;

namespace Parley.Lab.Tests;

/// <summary>The lab leaves nothing behind, and keeps its hands off the machine's own network.</summary>
public sealed class CleanlinessTests(SharedLab shared) : LabTest(shared)
{
    [Fact]
    public async Task The_machines_own_devices_addresses_and_rules_stay_as_they_were()
    {
        var before = await OwnNetworkAsync();
        await using (var lab = await NetworkLab.BuildAsync())
        {
            await lab.Left.SetRouterAsync(RouterKind.OnlyTcp443);
            await lab.Right.MoveAsync();
            Assert.Equal(before, await OwnNetworkAsync());
        }

        Assert.Equal(before, await OwnNetworkAsync());
    }

    [Fact]
    public async Task A_lab_that_is_done_with_is_gone_with_its_programs()
    {
        Process program;
        string name;
        await using (var lab = await NetworkLab.BuildAsync())
        {
            name = lab.Left.Host.Name;
            program = Process.Start(lab.Left.Host.Launcher[0], [.. lab.Left.Host.Launcher.Skip(1), "sleep", "600"]);
            await WaitUntilInsideAsync(lab.Left.Host, program.Id);
        }

        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(5)));
        Assert.DoesNotContain(name, await RunAsync("ip", "netns", "list"), StringComparison.Ordinal);
        program.Dispose();
    }

    [Fact]
    public async Task What_a_crashed_run_left_behind_is_removed_by_the_next()
    {
        using var crashed = Process.Start("true");
        await crashed.WaitForExitAsync(TestContext.Current.CancellationToken);
        var orphan = $"parley-lab-{crashed.Id}-1-left";
        await RunAsync("ip", "netns", "add", orphan);

        await using var lab = await NetworkLab.BuildAsync();

        var left = await RunAsync("ip", "netns", "list");
        Assert.DoesNotContain(orphan, left, StringComparison.Ordinal);
        Assert.Contains(Lab.Left.Host.Name, left, StringComparison.Ordinal);
    }

    private static async Task<string> OwnNetworkAsync()
    {
        var devices = NetworkInterface.GetAllNetworkInterfaces()
            .OrderBy(device => device.Name, StringComparer.Ordinal)
            .Select(device => $"{device.Name} {device.OperationalStatus} {string.Join(' ', device.GetIPProperties().UnicastAddresses.Select(own => own.Address))}");
        return string.Join('\n', [.. devices, await RunAsync("ip", "route"), await RunAsync("nft", "list", "ruleset")]);
    }

    private static async Task WaitUntilInsideAsync(NetworkNamespace place, int program)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!(await RunAsync("ip", "netns", "pids", place.Name)).Split('\n').Contains($"{program}"))
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
