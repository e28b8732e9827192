namespace Parley.Lab;

/// <summary>One network namespace of the lab: a host with devices, addresses and routes of its own.</summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private const string Prefix = "parley-lab-";

    // What `ip netns exec` puts in the place of files in /etc, for each namespace by its name.
    private const string Configurations = "/etc/netns";

    private NetworkNamespace(string name) => Name = name;

    /// <summary>Its name, as <c>ip netns</c> shows it. Unique on the machine: it contains the number of the process that made it.</summary>
    public string Name { get; }

    /// <summary>What to put before a command line so that the program runs in this namespace.</summary>
    public IReadOnlyList<string> Launcher => ["ip", "netns", "exec", Name];

    /// <summary>Makes a namespace with nothing but a loopback device.</summary>
    internal static async Task<NetworkNamespace> AddAsync(int lab, string role)
    {
        var made = new NetworkNamespace($"{Prefix}{Environment.ProcessId}-{lab}-{role}");
        made.WriteNames();
        await Command.RunAsync(["ip", "netns", "add", made.Name]);
        await made.IpAsync("link set lo up");

        // One family is enough for what the lab shows, and a device without IPv6 does not chatter while it waits.
        await made.RunAsync("sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        return made;
    }

    /// <summary>Removes what runs have left behind that ended without cleaning up: whatever carries the number of a process that is no more.</summary>
    internal static async Task RemoveOrphansAsync()
    {
        foreach (var name in (await ListAsync()).Where(IsOrphan))
        {
            await new NetworkNamespace(name).DisposeAsync();
        }

        if (Directory.Exists(Configurations))
        {
            foreach (var folder in Directory.EnumerateDirectories(Configurations).Where(folder => IsOrphan(Path.GetFileName(folder))))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Runs a program in the namespace to its end and returns its standard output.</summary>
    /// <exception cref="LabException">The program failed.</exception>
    public Task<string> RunAsync(params string[] command) => Command.RunAsync([.. Launcher, .. command]);

    /// <summary>Stops every process in the namespace where it is, as a laptop does that goes to sleep; only their clocks go on.</summary>
    public Task FreezeAsync() => SignalAllAsync("STOP");

    /// <summary>Lets the processes go on.</summary>
    public Task ThawAsync() => SignalAllAsync("CONT");

    private async Task SignalAllAsync(string signal)
    {
        var processes = await Command.RunAsync(["ip", "netns", "pids", Name]);
        await Command.RunAsync(["kill", $"-{signal}", .. processes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>Runs <c>ip</c> in the namespace with arguments separated by spaces.</summary>
    internal Task<string> IpAsync(string arguments) => Command.RunAsync(["ip", "-n", Name, .. arguments.Split(' ')]);

    /// <summary>Loads a rule set for <c>nft</c> in the namespace.</summary>
    internal Task LoadRulesAsync(string rules) => Command.RunAsync([.. Launcher, "nft", "-f", "-"], rules);

    /// <summary>Calls something in the namespace. A socket made there belongs to the namespace for good, and can be used from anywhere.</summary>
    public T Call<T>(Func<T> function)
    {
        T result = default!;
        Exception? failure = null;

        // A thread of its own, which ends here: a namespace entered on a pooled thread would stay with whatever runs there next.
        var thread = new Thread(() =>
        {
            try
            {
                Native.EnterNetwork($"/run/netns/{Name}");
                result = function();
            }
            catch (Exception ex)
            {
                failure = ex;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new LabException($"In {Name}: {failure.Message}", failure);
    }

    /// <summary>Ends every program in the namespace and deletes it with all its devices.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in (await Command.RunAsync(["ip", "netns", "pids", Name])).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var program = System.Diagnostics.Process.GetProcessById(int.Parse(process, System.Globalization.CultureInfo.InvariantCulture));
                program.Kill();
            }
            catch (ArgumentException)
            {
                // It ended by itself in the meantime.
            }
        }

        await Command.RunAsync(["ip", "netns", "delete", Name]);
        if (Directory.Exists(Configuration))
        {
            Directory.Delete(Configuration, recursive: true);
        }
    }

    private string Configuration => Path.Combine(Configurations, Name);

    // There is no name server in the lab: the one name everybody knows stands in a file, and questions for others fail at once.
    private void WriteNames()
    {
        try
        {
            Directory.CreateDirectory(Configuration);
            File.WriteAllText(Path.Combine(Configuration, "hosts"), $"127.0.0.1 localhost\n{NetworkLab.ServerAddress} {NetworkLab.ServerName}\n");
            File.WriteAllText(Path.Combine(Configuration, "resolv.conf"), "nameserver 127.0.0.1\n");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"Could not write {Configuration}: {ex.Message}", ex);
        }
    }

    private static async Task<IEnumerable<string>> ListAsync() =>
        (await Command.RunAsync(["ip", "netns", "list"])).Split('\n').Select(line => line.Split(' ')[0]);

    private static bool IsOrphan(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(name[Prefix.Length..].Split('-')[0], out var process)
        && !Directory.Exists($"/proc/{process}");
}
