using System.Diagnostics;

namespace Parley.Lab;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    /// <summary>Runs a program and returns what it wrote to its standard output.</summary>
    /// <exception cref="LabException">It could not be started, or ended with another exit code than 0; the message has what it said.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, string input = "")
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception ex)
        {
            throw new LabException($"{command[0]} could not be started: {ex.Message}", ex);
        }

        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new LabException($"{string.Join(' ', command)}: {(await errors).Trim()} (exit code {process.ExitCode})");
    }
}
