using System.Globalization;

namespace Parley.Bench.Turn;

/// <summary>How the compared servers are started.</summary>
internal static class Servers
{
    public static IReadOnlyDictionary<string, Func<string, int, ServerProcess>> All { get; } = new Dictionary<string, Func<string, int, ServerProcess>>
    {
        ["coturn"] = StartCoturn,
        ["parley"] = StartParley,
    };

    // Debian's coturn with one relay thread, as it has one core.
    private static ServerProcess StartCoturn(string core, int port)
    {
        var folder = Directory.CreateTempSubdirectory("bench-coturn-").FullName;
        return new ServerProcess(core, [
            "turnserver", "-n", "--lt-cred-mech", $"--user={TurnClient.UserName}:{TurnClient.Password}", "--realm=bench",
            "--listening-ip=127.0.0.1", $"--listening-port={port}", "--relay-ip=127.0.0.1", "--min-port=20000", "--max-port=29999",
            "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli", "--relay-threads=1", "--log-file=stdout", "--simple-log",
            $"--pidfile={folder}/turnserver.pid", $"--userdb={folder}/turndb",
        ], folder);
    }

    // This program with the argument "serve".
    private static ServerProcess StartParley(string core, int port) =>
        new(core, [Environment.ProcessPath!, "serve", port.ToString(CultureInfo.InvariantCulture)]);
}
