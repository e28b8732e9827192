using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>A test of calls between the lab's two homes. Evidence is left when it fails, and no page may have reported an error.</summary>
public abstract class LabCallTest(SharedLab shared, CallStage stage) : LabTest(shared)
{
    private readonly List<Person> _people = [];

    /// <summary>Server and browsers.</summary>
    protected CallStage Stage => stage;

    /// <summary>Whether the network or the server fails in these tests, of which browsers write errors to the console by themselves.</summary>
    protected virtual bool NetworkFails => false;

    /// <summary>A room of the test's own.</summary>
    protected string Room { get; set; } = $"lab-{Guid.NewGuid():N}";

    /// <summary>Somebody in the left home, in the lobby of the room.</summary>
    protected Task<Person> LeftAsync(string? probeOptions = null, Func<Person, Task>? prepare = null) => InLobbyAsync(stage.Left, "left", probeOptions, prepare);

    /// <summary>Somebody in the right home, in the lobby of the room.</summary>
    protected Task<Person> RightAsync(string? probeOptions = null, Func<Person, Task>? prepare = null) => InLobbyAsync(stage.Right, "right", probeOptions, prepare);

    /// <summary>Somebody with an empty page in one of the browsers.</summary>
    protected async Task<Person> ArriveAsync(Chromium browser, string name, string? probeOptions = Arrivals.ProbeOptions)
    {
        var person = await Person.ArriveAsync(browser, name, probeOptions: probeOptions);
        _people.Add(person);
        return person;
    }

    /// <summary>A running call between the two homes.</summary>
    /// <param name="probeOptions">For the media probe.</param>
    /// <param name="prepare">What to do with each one's page before it is opened.</param>
    protected async Task<(Person Left, Person Right)> CallAsync(string? probeOptions = null, Func<Person, Task>? prepare = null)
    {
        var left = await LeftAsync(probeOptions, prepare);
        await left.Call.Join.ClickAsync();
        var right = await RightAsync(probeOptions, prepare);
        await right.Call.Join.ClickAsync();
        await ConnectAsync(left, right);
        await MediaProof.SeeAndHearEachOtherAsync(left, right);
        return (left, right);
    }

    /// <summary>A running call between a Firefox in the left home, in the room first, and a Chromium in the right one.</summary>
    protected async Task<Person> CallFromAsync(Firefox left, string? probeOptions = null)
    {
        await left.GotoAsync(new Uri(stage.Server.Address, $"/r/{Room}").ToString());
        await left.ClickAsync("Join");
        await left.ReachesAsync("waiting");
        var right = await RightAsync(probeOptions);
        await right.Call.Join.ClickAsync();
        await Task.WhenAll(left.ReachesAsync("connected"), right.Call.ReachesAsync("connected"));
        await MediaProof.SeeAndHearEachOtherAsync(left, right);
        return right;
    }

    /// <summary>Asserts that a page says by which way its call goes, and that its browser says the same.</summary>
    protected static async Task<CandidatePairReport> GoesAsync(Person person, string path)
    {
        var report = await person.ReportWhenAsync(
            report => report.Pair?.Path == path,
            $"a call that is {path}");
        await Wait.UntilAsync(person.Call.PathAsync, shown => shown == path, $"{person.Name}: the page says {path}");
        return report.Pair!;
    }

    /// <summary>Waits until a page shows, or no longer shows, that the server is out of reach.</summary>
    protected static Task OfflineIsAsync(Person person, bool offline) =>
        Wait.UntilAsync(() => person.Page.Locator(".offline").CountAsync(), count => (count > 0) == offline, $"{person.Name}: offline {offline}");

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        string[] faults = [.. _people.SelectMany(person => person.Errors
            .Where(error => !NetworkFails || !error.Contains("net::ERR_", StringComparison.Ordinal))
            .Select(error => $"{person.Name}'s console: {error}"))];
        if (faults.Length > 0 || TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            var folder = Repository.ArtifactsOf(TestContext.Current.Test?.TestDisplayName ?? GetType().Name);
            foreach (var person in _people)
            {
                await person.LeaveEvidenceAsync(folder);
            }

            await File.WriteAllLinesAsync(Path.Combine(folder, "server.txt"), stage.Server.Output);
        }

        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        await base.DisposeAsync();
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    private async Task<Person> InLobbyAsync(Chromium browser, string name, string? probeOptions, Func<Person, Task>? prepare)
    {
        var person = await ArriveAsync(browser, name, probeOptions);
        await (prepare?.Invoke(person) ?? Task.CompletedTask);
        await person.Call.OpenAsync(stage.Server.Address, Room);
        return person;
    }
}
