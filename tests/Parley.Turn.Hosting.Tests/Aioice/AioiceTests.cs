namespace Parley.Turn.Hosting.Tests.Aioice;

/// <summary>A second, independent implementation: the ICE and TURN stack of Python's aioice calls itself through the relay.</summary>
public sealed class AioiceTests
{
    [Theory]
    [InlineData("udp", EngineKind.Default)]
    [InlineData("tcp", EngineKind.Default)]
    [InlineData("tls", EngineKind.Default)]
    [InlineData("udp", EngineKind.Portable)]
    public async Task A_relayed_call_of_aioice_carries_every_message(string transport, EngineKind engine)
    {
        var probe = await ExternalProgram.RunAsync("/usr/bin/python3", "-c \"import aioice\"", TimeSpan.FromSeconds(30));
        Assert.SkipUnless(probe.Length == 0, "python3-aioice is not installed.");
        await using var host = await TurnHost.StartAsync(engine);
        var script = Path.Combine(AppContext.BaseDirectory, "Aioice", "relayed_call.py");
        var port = transport == "tls" ? host.HttpsPort : host.Port;

        var output = await ExternalProgram.RunAsync("/usr/bin/python3", $"{script} 127.0.0.1 {port} {transport} {TurnHost.UserName} \"{TurnHost.Password}\"", TimeSpan.FromSeconds(60));

        Assert.Contains("arrived: 100", output, StringComparison.Ordinal);
        Assert.Equal(0, host.Server.Snapshot.Faults);
        await Eventually.TrueAsync(() => host.Server.Snapshot.Inventory.Allocations == 0, () => $"{host.Server.Snapshot}");
    }
}
