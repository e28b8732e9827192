using System.Diagnostics;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

public class InlineModeTests
{
    // What has nothing to do with how handlers are scheduled, or takes minutes.
    private static readonly string[] LeftOut = ["SoakTests", "DeadlineWheelTests", "OptionsTests", "ClientBundleTests", "PythonClientTests"];

    [Fact]
    public async Task Handlers_run_on_the_thread_pool_and_in_the_inline_mode_on_the_thread_that_watches_the_sockets()
    {
        var onPool = new TaskCompletionSource<bool>();
        await using var server = await TestServer.StartAsync(io => io.On("hello", _ => onPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread)));
        await using var client = await WireSocket.JoinAsync(server.Url);

        await client.SendAsync("42[\"hello\"]");

        Assert.Equal(!InlineMode.IsOn, await onPool.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_same_tests_pass_in_the_inline_mode()
    {
        Assert.SkipWhen(InlineMode.IsOn, "This is the run in the inline mode.");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.Environment[InlineMode.Variable] = "1";
        foreach (var argument in (IEnumerable<string>)["-noColor", "-noLogo", .. LeftOut.SelectMany(name => (string[])["-class-", $"*.{name}"])])
        {
            start.ArgumentList.Add(argument);
        }

        using var tests = Process.Start(start)!;
        var output = await tests.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tests.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(tests.ExitCode == 0, output);
    }
}
