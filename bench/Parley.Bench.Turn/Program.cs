using System.Diagnostics;
using System.Globalization;
using Parley.Bench.Turn;

// bench [--rounds 5] [--seconds 2] [--warm-up 2] [--only single,light] [--servers coturn,parley] : the comparison
// bench serve <port>                                                                             : our server, for the comparison
if (args is ["serve", var port, ..])
{
    return await ParleyUnderTest.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture));
}

var rounds = int.Parse(Option("--rounds", "5"), CultureInfo.InvariantCulture);
var duration = TimeSpan.FromSeconds(double.Parse(Option("--seconds", "2"), CultureInfo.InvariantCulture));
var warmUp = TimeSpan.FromSeconds(double.Parse(Option("--warm-up", "2"), CultureInfo.InvariantCulture));
var only = Option("--only", "");
var scenarios = Scenario.All.Where(scenario => only.Length == 0 || only.Split(',').Contains(scenario.Name)).ToList();
var servers = Option("--servers", "coturn,parley").Split(',');

// Servers on the first core, the generator on the second: neither takes the other's time.
if (OperatingSystem.IsLinux())
{
    Process.GetCurrentProcess().ProcessorAffinity = 2;
}

var comparison = new Comparison("0", warmUp, duration);
comparison.Run(scenarios, servers, rounds);
Console.WriteLine(Report.Markdown(scenarios, comparison.Results));
return 0;

string Option(string name, string fallback)
{
    var index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? args[index + 1] : fallback;
}
