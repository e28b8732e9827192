using System.Diagnostics;
using System.Text;
using Parley.Testing;

namespace Parley.SocketIo.AspNetCore.Tests.Support;

/// <summary>
/// Runs a script that uses a real client of another language. The script gets the server's address, prints what it sees, and ends with status 0 if all was
/// as it should be.
/// </summary>
internal static class ScriptClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static Task<string> NodeAsync(string script, Uri server, params string[] arguments) => RunAsync("node", script, server, arguments);

    public static Task<string> PythonAsync(string script, Uri server, params string[] arguments) => RunAsync("/usr/bin/python3", script, server, arguments);

    private static async Task<string> RunAsync(string program, string script, Uri server, string[] arguments)
    {
        var start = new ProcessStartInfo(program, [Path.Combine(AppContext.BaseDirectory, "Clients", script), server.GetLeftPart(UriPartial.Authority), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WEB_ROOT"] = Path.Combine(Repository.Root, "web") },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{script} did not end within {Timeout}. It printed:\n{Text(output)}");
        }

        Assert.True(process.ExitCode == 0, $"{script} ended with status {process.ExitCode}. It printed:\n{Text(output)}");
        return Text(output);
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }
}
