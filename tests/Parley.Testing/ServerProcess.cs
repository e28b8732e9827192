using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Parley.Testing;

/// <summary>The real server program, as people start it: a process of its own whose printed link says where it listens.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private ServerProcess(Process process) => _process = process;

    /// <summary>The address the server printed, without a path: <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Everything the server has written so far, both streams, line by line.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
            {
                return [.. _output];
            }
        }
    }

    /// <summary>Starts the server on free ports of 127.0.0.1, page and relay, and returns once it has printed its link.</summary>
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync([], ["--urls", "http://127.0.0.1:0", "--Parley:Turn:Port=0", .. arguments]);

    /// <summary>Starts the server with exactly these arguments, through a launcher (such as <c>ip netns exec NAME</c>) where one is given.</summary>
    /// <exception cref="InvalidOperationException">The server ended, or printed no link in time; the message has what it wrote.</exception>
    public static async Task<ServerProcess> StartAsync(IReadOnlyList<string> launcher, IReadOnlyList<string> arguments)
    {
        string[] command = [.. launcher, Repository.ProgramOf("Parley.Server"), .. arguments];
        var server = new ServerProcess(new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        });
        var link = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        server._process.OutputDataReceived += (_, line) => server.Read(line.Data, link);
        server._process.ErrorDataReceived += (_, line) => server.Read(line.Data, link: null);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();

        using var limit = new CancellationTokenSource(StartLimit);
        var ended = server._process.WaitForExitAsync(limit.Token);
        if (await Task.WhenAny(link.Task, ended) != link.Task)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server printed no link within {StartLimit.TotalSeconds} s. It wrote:\n{string.Join('\n', server.Output)}");
        }

        server.Address = await link.Task;
        return server;
    }

    /// <summary>Asks the server to end, as Ctrl+C does, and waits until it has.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            if (OperatingSystem.IsWindows() || Kill(_process.Id, Sigterm) != 0)
            {
                _process.Kill();
            }

            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                throw new TimeoutException($"The server did not end within {StopLimit.TotalSeconds} s of being asked to. It wrote:\n{string.Join('\n', Output)}");
            }
        }

        return _process.ExitCode;
    }

    /// <summary>Ends the server at once, as a crash or a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _process.Dispose();
        }
    }

    private void Read(string? line, TaskCompletionSource<Uri>? link)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }

        if (link is not null && PrintedLink().Match(line) is { Success: true } match)
        {
            link.TrySetResult(new Uri(match.Value));
        }
    }

    private const int Sigterm = 15;

    [GeneratedRegex(@"(?<=^Parley is ready\b.*)https?://[^\s/]+")]
    private static partial Regex PrintedLink();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
