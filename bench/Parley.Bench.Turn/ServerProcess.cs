using System.Diagnostics;
using System.Globalization;

namespace Parley.Bench.Turn;

/// <summary>A TURN server under test, in its own process on its own core, started fresh for each measurement.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string? _folder;

    private ServerProcess(string core, IEnumerable<string> command, string? folder)
    {
        _folder = folder;
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-c", core }.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        // taskset replaces itself, so this is the server's own id.
        _process = Process.Start(start) ?? throw new InvalidOperationException("taskset did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The last lines that the server wrote, for the error message when it does not answer.</summary>
    public Queue<string> Output { get; } = new();

    public bool HasExited => _process.HasExited;

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time of all threads in nanoseconds, system calls and the softirqs run in them included.</summary>
    public long ProcessorNanoseconds =>
        Directory.EnumerateDirectories($"/proc/{_process.Id}/task")
            .Sum(task => long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>Debian's coturn with one relay thread, as it has one core.</summary>
    public static ServerProcess StartCoturn(string core, int port)
    {
        var folder = Directory.CreateTempSubdirectory("bench-coturn-").FullName;
        return new ServerProcess(core, [
            "turnserver", "-n", "--lt-cred-mech", $"--user={TurnClient.UserName}:{TurnClient.Password}", "--realm=bench",
            "--listening-ip=127.0.0.1", $"--listening-port={port}", "--relay-ip=127.0.0.1", "--min-port=20000", "--max-port=29999",
            "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli", "--relay-threads=1", "--log-file=stdout", "--simple-log",
            $"--pidfile={folder}/turnserver.pid", $"--userdb={folder}/turndb",
        ], folder);
    }

    /// <summary>This program with the argument <c>serve</c>.</summary>
    public static ServerProcess StartParley(string core, int port) =>
        new(core, [Environment.ProcessPath!, "serve", port.ToString(CultureInfo.InvariantCulture)], null);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Keep(string? line)
    {
        lock (Output)
        {
            if (line is not null)
            {
                Output.Enqueue(line);
                if (Output.Count > 20)
                {
                    Output.Dequeue();
                }
            }
        }
    }
}
