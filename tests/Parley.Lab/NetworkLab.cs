using System.Net;

namespace Parley.Lab;

/// <summary>
/// Two homes and a public server:
/// <code>left host – left router ~ line ~ public ~ line ~ right router – right host</code>
/// Names carry the number of this process, so several labs can stand side by side, and what a crashed run left is removed by the next one.
/// </summary>
public sealed class NetworkLab : IAsyncDisposable
{
    private static int s_built;

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly int _number = Interlocked.Increment(ref s_built);

    private NetworkLab()
    {
    }

    /// <summary>The public server's address.</summary>
    public static IPAddress ServerAddress { get; } = IPAddress.Parse("198.51.100.1");

    /// <summary>The public server's name, which every namespace knows.</summary>
    public const string ServerName = "parley.example";

    /// <summary>Where the public server's programs run.</summary>
    public NetworkNamespace Server { get; private set; } = null!;

    /// <summary>One home.</summary>
    public Home Left { get; private set; } = null!;

    /// <summary>The other home.</summary>
    public Home Right { get; private set; } = null!;

    /// <summary>Why no lab can be built on this machine, for the reason of a skipped test; null if one can.</summary>
    public static async Task<string?> FindObstacleAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The network lab is made of Linux network namespaces.";
        }

        if (Native.EffectiveUser() != 0)
        {
            return "The network lab needs root, to make network namespaces.";
        }

        try
        {
            await using var probe = await NetworkNamespace.AddAsync(0, "probe");
            using var tun = probe.Call(() => Native.OpenTun("probe"));
            await probe.RunAsync("nft", "list", "ruleset");
            await probe.RunAsync("conntrack", "--version");
            return null;
        }
        catch (LabException ex)
        {
            return $"The network lab cannot be built here: {ex.Message}";
        }
    }

    /// <summary>Builds a lab with perfect lines and port-preserving routers.</summary>
    /// <exception cref="LabException">It cannot be built here; <see cref="FindObstacleAsync"/> says so beforehand.</exception>
    public static async Task<NetworkLab> BuildAsync()
    {
        await NetworkNamespace.RemoveOrphansAsync();
        var lab = new NetworkLab();
        try
        {
            await lab.BuildAllAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives both homes' lines the same conditions.</summary>
    public void SetLines(LineConditions conditions)
    {
        Left.Line.Conditions = conditions;
        Right.Line.Conditions = conditions;
    }

    /// <summary>Ends every program in the lab and removes everything it was made of.</summary>
    public async ValueTask DisposeAsync()
    {
        Left?.Line.Dispose();
        Right?.Line.Dispose();
        foreach (var made in _namespaces)
        {
            await made.DisposeAsync();
        }

        _namespaces.Clear();
    }

    private async Task BuildAllAsync()
    {
        Server = await AddAsync("public");
        await Server.IpAsync($"address add {ServerAddress}/32 dev lo");
        await Server.RunAsync("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        Left = await Home.BuildAsync(await AddAsync("left"), await AddAsync("left-router"), Server, "left", 0);
        Right = await Home.BuildAsync(await AddAsync("right"), await AddAsync("right-router"), Server, "right", 1);
    }

    private async Task<NetworkNamespace> AddAsync(string role)
    {
        var made = await NetworkNamespace.AddAsync(_number, role);
        _namespaces.Add(made);
        return made;
    }
}
