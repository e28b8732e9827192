using System.Diagnostics;
using System.Globalization;
using Parley.Bench.SocketIo;

// bench [--rounds 5] [--warm-up 12] [--seconds 4] [--only ping-pong,calls,many] [--servers Node,Parley,"Parley inline"] : the comparison
// bench serve <port> <backlog> [inline]                                                                            : our server, for the comparison
if (args is ["serve", var port, var backlog, ..])
{
    return await ParleyUnderTest.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(backlog, CultureInfo.InvariantCulture), args.Contains("inline"));
}

var rounds = int.Parse(Option("--rounds", "5"), CultureInfo.InvariantCulture);
var durations = new Durations(Seconds("--warm-up", "12"), Seconds("--seconds", "4"));
var only = Option("--only", "");
var scenarios = Scenario.All.Where(scenario => only.Length == 0 || only.Split(',').Contains(scenario.Name)).ToList();
var servers = Option("--servers", string.Join(',', ServerUnderTest.Names)).Split(',');

// Servers on the first core, the generator on the second: neither takes the other's time.
if (OperatingSystem.IsLinux())
{
    Process.GetCurrentProcess().ProcessorAffinity = 2;
}

OpenFiles.Require(10_500);

var measurements = new List<Measurement>();
foreach (var scenario in scenarios)
{
    for (var round = 0; round < rounds; round++)
    {
        // Whoever went last goes first in the next round.
        foreach (var name in round % 2 == 0 ? servers : servers.Reverse())
        {
            using var server = ServerUnderTest.Start(name, core: "0");
            var figures = scenario.Measure(server, durations);
            measurements.Add(new Measurement(round, name, figures));
            Console.Error.WriteLine($"round {round + 1}  {name,-13} ({server.Version})");
            foreach (var (figure, value) in figures)
            {
                Console.Error.WriteLine($"    {figure.Name,-70} {Report.Words(value, figure.Digits),10} {figure.Unit}");
            }
        }
    }
}

Console.WriteLine(Report.Markdown(measurements));
return 0;

TimeSpan Seconds(string name, string fallback) => TimeSpan.FromSeconds(double.Parse(Option(name, fallback), CultureInfo.InvariantCulture));

string Option(string name, string fallback)
{
    var index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
}
