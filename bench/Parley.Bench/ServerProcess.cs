using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Parley.Bench;

/// <summary>A server under test, in its own process on its own core, started fresh for each measurement.</summary>
public sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string? _folder;

    /// <param name="core">The core it may use.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">A folder to delete in the end.</param>
    /// <param name="environment">Variables besides the inherited ones.</param>
    public ServerProcess(string core, IEnumerable<string> command, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        _folder = folder;
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

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

    /// <summary>
    /// Processor time in nanoseconds of all threads, also of those that have ended, system calls and the softirqs run in them included. Not the sum over
    /// <c>/proc/…/task</c>: threads of a pool come and go, and would take their time with them.
    /// </summary>
    public long ProcessorNanoseconds
    {
        get
        {
            // struct timespec: seconds and nanoseconds.
            Span<nint> time = stackalloc nint[2];
            return ClockOf(_process.Id, out var clock) == 0 && TimeOf(clock, ref time[0]) == 0
                ? (time[0] * 1_000_000_000L) + time[1]
                : throw new InvalidOperationException("The server has no processor clock: it has ended.");
        }
    }

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

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int ClockOf(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int TimeOf(int clock, ref nint time);
}
