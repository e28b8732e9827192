using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>Debian's python3-socketio.</summary>
public sealed class PythonClientTests
{
    [Theory]
    [InlineData("polling")]
    [InlineData("websocket")]
    [InlineData("upgrade")]
    public async Task The_client_can_use_everything(string mode)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/socketio/__init__.py"), "Debian's python3-socketio is not installed: eng/install-test-tools.sh installs it.");
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add);
        Assert.Contains("all well", await ScriptClient.PythonAsync("all_round.py", server.Url, mode), StringComparison.Ordinal);
    }
}
