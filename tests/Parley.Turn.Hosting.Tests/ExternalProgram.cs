using System.Diagnostics;
using System.Text;

namespace Parley.Turn.Hosting.Tests;

/// <summary>A program of the system that a test runs.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs to the end and returns all that it wrote.</summary>
    public static async Task<string> RunAsync(string program, string arguments, TimeSpan timeout)
    {
        using var process = Start(program, arguments);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Append(output, $"(ended after {timeout})");
        }

        lock (output)
        {
            return output.ToString();
        }
    }

    /// <summary>Starts a program that the caller ends.</summary>
    public static Process Start(string program, string arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");

    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
