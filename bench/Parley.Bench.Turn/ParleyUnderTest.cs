using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Parley.Turn.Hosting;

namespace Parley.Bench.Turn;

/// <summary>Our server with nothing around it, limits off as coturn has none by default.</summary>
internal static class ParleyUnderTest
{
    public static async Task<int> ServeAsync(int port)
    {
        var options = new TurnOptions
        {
            Port = port,
            Listen = { "127.0.0.1" },
            RelayAddress = "127.0.0.1",
            RelayPortMin = 20000,
            RelayPortMax = 29999,
            AllowPrivatePeers = true,
            Users = { [TurnClient.UserName] = TurnClient.Password },
            MaxAllocationsPerUser = 8192,
            MaxAllocationsPerClientAddress = 8192,
            MaxPacketsPerSecond = 0,
            MaxBytesPerSecond = 0,
            MaxUnauthenticatedRepliesPerSecond = 0,
            UsePortableEngine = Environment.GetEnvironmentVariable("PARLEY_BENCH_ENGINE") == "portable",
        };
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning));
        await using var server = new TurnServer(Options.Create(options), logging.CreateLogger<TurnServer>(), TimeProvider.System);
        server.Start();
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
