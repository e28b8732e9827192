using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>
/// A test with people in browsers. When it ends well, two things must hold for everybody who took part: no error on the console, and no
/// request to anyone but the server under test. When it fails, it leaves evidence.
/// </summary>
public abstract class BrowserTest(Stage stage) : IAsyncLifetime
{
    private readonly List<Person> _people = [];
    private readonly List<Chromium> _ownBrowsers = [];

    /// <summary>What the tests share.</summary>
    protected Stage Stage { get; } = stage;

    /// <summary>The server under test: the shared one, unless a test needs one of its own.</summary>
    protected Uri Server { get; set; } = stage.Server.Address;

    /// <summary>Somebody new, with a browser of the shared ones: first comer, second comer, and so on in turn.</summary>
    protected Task<Person> ArriveAsync(string name, BrowserNewContextOptions? options = null) =>
        ArriveAsync(Stage.Browsers[_people.Count % Stage.Browsers.Length], name, options);

    /// <summary>Somebody new with a browser started for them alone.</summary>
    protected async Task<Person> ArriveAsync(ChromiumOptions browser, string name, BrowserNewContextOptions? options = null)
    {
        var own = await Chromium.LaunchAsync(browser);
        _ownBrowsers.Add(own);
        return await ArriveAsync(own, name, options);
    }

    /// <summary>Somebody new with a browser started for them alone, whose profile lies in this folder: an ordinary window, which keeps things on the disk.</summary>
    protected async Task<Person> ArriveWithProfileAsync(string folder, string name) =>
        Remember(await Person.ArriveAsync(await Chromium.LaunchWithProfileAsync(folder), name));

    /// <summary>An address of the server under test.</summary>
    protected string Address(string path) => new Uri(Stage.Server.Address, path).ToString();

    /// <inheritdoc />
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        string[] faults = [.. _people.SelectMany(FaultsOf)];
        if (faults.Length > 0 || TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await LeaveEvidenceAsync();
        }

        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        foreach (var browser in _ownBrowsers)
        {
            await browser.DisposeAsync();
        }

        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    private async Task<Person> ArriveAsync(Chromium browser, string name, BrowserNewContextOptions? options) =>
        Remember(await Person.ArriveAsync(browser, name, options));

    private Person Remember(Person person)
    {
        _people.Add(person);
        return person;
    }

    private IEnumerable<string> FaultsOf(Person person) =>
        person.Errors.Select(error => $"{person.Name}'s console: {error}")
            .Concat(person.Requests.Where(IsForeign).Select(request => $"{person.Name}'s browser asked a third party: {request}"));

    private bool IsForeign(Uri request) => request.Scheme is "http" or "https" or "ws" or "wss"
        ? request.Authority != Server.Authority
        : request.Scheme is not ("data" or "blob" or "about" or "file");

    private async Task LeaveEvidenceAsync()
    {
        var folder = Repository.ArtifactsOf(TestContext.Current.Test?.TestDisplayName ?? GetType().Name);
        foreach (var person in _people)
        {
            await person.LeaveEvidenceAsync(folder);
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "server.txt"), Stage.Server.Output);
        TestContext.Current.SendDiagnosticMessage($"Evidence is in {folder}");
    }
}
