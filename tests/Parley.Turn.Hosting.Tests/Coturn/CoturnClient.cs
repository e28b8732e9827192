using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Parley.Turn.Hosting.Tests.Coturn;

/// <summary>
/// Runs coturn's own client against the relay in every mode that applies, all at once (each takes seconds, nearly all of it
/// waiting), and keeps what each said.
/// </summary>
public abstract partial class CoturnClient(EngineKind engine) : IAsyncLifetime
{
    private const int Messages = 25;
    private const int Clients = 2;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan HostileTimeout = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Task<string>> _runs = [];
    private TurnHost? _host;
    private Process? _peer;

    /// <summary>Modes in which everything sent must arrive. PEER is an echo server; without it the client talks to itself through two allocations.</summary>
    public static TheoryData<string> Delivering =>
    [
        "PEER", "PEER -s", "PEER -D", "PEER -g", "PEER -s -g", "PEER -B", "PEER -G", "PEER -l 1400",
        "-y", "-y -c", "-y -s", "-y -D", "-y -g", "-y -G", "-y -N", "-y -X", "-y -c -l 1400", "-y REST",
        "-y -x FROM6", "-y -c -x FROM6", "-y -X FROM6",
        "-t PEER", "-t PEER -s", "-t -y", "-t -y -c", "-t -y -s", "-t -y -D", "-t -y FROM6", "-t -y REST",
        "-t -y WEB", "-t -y -s WEB",
        "-t -S PEER WEB", "-t -S -y WEB", "-t -S -y -s WEB", "-t -S -y -c -l 1400 WEB",
    ];

    /// <summary>
    /// Modes in which the client breaks messages and connections, and with them its own traffic: it loses some, or waits for ever,
    /// with its own server too.
    /// </summary>
    public static IReadOnlyList<string> Hostile => ["PEER -R", "-t -R PEER", "-t -y -B", "-t -S -y -B WEB", "PEER -O -m 20", "-t -O -m 20 PEER", "PEER -N"];

    /// <summary>The mode that asks for no permission.</summary>
    public const string WithoutPermission = "-I -s PEER";

    public async ValueTask InitializeAsync()
    {
        if (!ExternalProgram.IsInstalled("turnutils_uclient"))
        {
            return;
        }

        _host = await TurnHost.StartAsync(engine, ("MaxAllocationsPerUser", "1000"));
        _peer = ExternalProgram.Start("turnutils_peer", "-p 33480 -L 127.0.0.1");
        foreach (var mode in Delivering.Select(row => row.Data).Append(WithoutPermission))
        {
            _runs[mode] = ExternalProgram.RunAsync("turnutils_uclient", Arguments(mode), Timeout);
        }

        foreach (var mode in Hostile)
        {
            _runs[mode] = ExternalProgram.RunAsync("turnutils_uclient", Arguments(mode), HostileTimeout);
        }

        await Task.WhenAll(_runs.Values);
    }

    public async ValueTask DisposeAsync()
    {
        _peer?.Kill();
        _peer?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The client's whole output in a mode, and its own count of what it sent, received and lost.</summary>
    internal (string Output, int Sent, int Received, int Lost) Result(string mode)
    {
        Assert.SkipUnless(_runs.ContainsKey(mode), "turnutils_uclient is not installed: it comes with coturn.");
        var output = _runs[mode].Result;
        var counts = Counts().Matches(output).LastOrDefault();
        var lost = Lost().Match(output);
        Assert.True(counts is not null && lost.Success, output);
        return (output, Number(counts.Groups[1]), Number(counts.Groups[2]), Number(lost.Groups[1]));
    }

    internal IEnumerable<string> Outputs => _runs.Values.Select(run => run.Result);

    internal TurnHost Host => _host ?? throw new InvalidOperationException("The host is not running.");

    private string Arguments(string mode)
    {
        var port = !mode.Contains("WEB", StringComparison.Ordinal) ? Host.Port : mode.Contains("-S", StringComparison.Ordinal) ? Host.HttpsPort : Host.HttpPort;
        var user = mode.Contains("REST", StringComparison.Ordinal) ? $"-u bob -W \"{TurnHost.Secret}\"" : $"-u {TurnHost.UserName} -w \"{TurnHost.Password}\"";
        var server = mode.Contains("FROM6", StringComparison.Ordinal) ? "::1" : "127.0.0.1";
        var options = mode.Replace("PEER", "-e 127.0.0.1 -r 33480", StringComparison.Ordinal)
            .Replace("WEB", "", StringComparison.Ordinal)
            .Replace("REST", "", StringComparison.Ordinal)
            .Replace("FROM6", "", StringComparison.Ordinal);
        return $"{user} -p {port} -n {Messages} -m {Clients} {options} {server}";
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)")]
    private static partial Regex Counts();

    [GeneratedRegex(@"Total lost packets (\d+) ")]
    private static partial Regex Lost();
}

public sealed class DefaultEngineCoturnClient() : CoturnClient(EngineKind.Default);

public sealed class PortableEngineCoturnClient() : CoturnClient(EngineKind.Portable);
