using System.Globalization;

namespace Parley.Bench.SocketIo;

/// <summary>A server with the room application, started fresh on its own core.</summary>
internal sealed class ServerUnderTest : IDisposable
{
    public const string Node = "Node";

    // Both listen with it in place of their defaults of 511 and 512, so that the storm measures the servers and not the retries of dropped SYNs.
    private const string Backlog = "4096";

    // The address changes with each server, so that the ports of the one before need not be free again.
    private static int s_port = 20000 + Random.Shared.Next(5000);

    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    private ServerUnderTest(ServerProcess process)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
    }

    public static IReadOnlyList<string> Names { get; } = [Node, "Parley", "Parley inline"];

    public int Port { get; } = s_port;

    public string Version { get; private set; } = "";

    public double CpuSeconds => _process.ProcessorNanoseconds / 1e9;

    public long ResidentBytes => _process.ResidentBytes;

    public static ServerUnderTest Start(string name, string core)
    {
        s_port++;
        var port = s_port.ToString(CultureInfo.InvariantCulture);
        var server = new ServerUnderTest(name == Node
            ? new ServerProcess(core, ["node", "--expose-gc", Path.Combine(NodeFolder(), "server.js"), port, Backlog])
            : new ServerProcess(core, [Environment.ProcessPath!, "serve", port, Backlog, name == "Parley" ? "default" : "inline"]));
        server.WaitUntilItAnswers();
        return server;
    }

    /// <summary>Collects all garbage, so that the memory is that of what is in use.</summary>
    public void Collect() => _http.GetStringAsync("/collect").GetAwaiter().GetResult();

    public void Dispose()
    {
        _http.Dispose();
        _process.Dispose();
    }

    private void WaitUntilItAnswers()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                Version = _http.GetStringAsync("/version").GetAwaiter().GetResult();
                return;
            }
            catch (HttpRequestException) when (tries < 200 && !_process.HasExited)
            {
                Thread.Sleep(50);
            }
            catch (HttpRequestException)
            {
                throw new InvalidOperationException($"The server does not answer. Is node/ installed (npm ci)? It said: {string.Join('\n', _process.Output)}");
            }
        }
    }

    private static string NodeFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var node = Path.Combine(folder.FullName, "bench", "Parley.Bench.SocketIo", "node");
            if (Directory.Exists(node))
            {
                return node;
            }
        }

        throw new DirectoryNotFoundException("bench/Parley.Bench.SocketIo/node is not above the program.");
    }
}
