using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace Parley.Testing;

/// <summary>
/// Somebody with a browser: a context of their own (storage, permissions, screen) with one page, whose console errors and requests are
/// written down from the first moment.
/// </summary>
public sealed class Person : IMediaWitness, IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _console = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly ConcurrentQueue<Uri> _requests = [];
    private readonly ConcurrentQueue<string> _frames = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private Person(string name, IBrowserContext context, IPage page)
    {
        Name = name;
        Context = context;
        Page = page;
        Call = new CallPage(this);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>Their browser context.</summary>
    public IBrowserContext Context { get; }

    /// <summary>Their page.</summary>
    public IPage Page { get; }

    /// <summary>What they see and use when their page is one of Parley's.</summary>
    public CallPage Call { get; }

    /// <summary>Errors the page has reported so far: console errors and uncaught exceptions.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Everything on the page's console so far.</summary>
    public IReadOnlyCollection<string> Console => _console;

    /// <summary>Every address the page has asked for so far, WebSockets included.</summary>
    public IReadOnlyCollection<Uri> Requests => _requests;

    /// <summary>What has gone over the page's WebSockets so far, each with its time and direction.</summary>
    public IReadOnlyCollection<string> Frames => _frames;

    /// <summary>Gives somebody a context and an empty page in a browser.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="name">What to call them in messages and file names.</param>
    /// <param name="options">Screen size, colour scheme, permissions and so on.</param>
    /// <param name="probeOptions">JSON for the media probe: <c>{"relayOver":"udp"}</c> allows only relayed candidates by that transport.</param>
    public static async Task<Person> ArriveAsync(Chromium browser, string name, BrowserNewContextOptions? options = null, string? probeOptions = null)
    {
        options ??= new BrowserNewContextOptions();
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 800 };
        var context = await browser.Browser.NewContextAsync(options);
        if (probeOptions is not null)
        {
            await context.AddInitScriptAsync($"window.parleyProbeOptions = {probeOptions};");
        }

        return await ArriveAsync(context, name);
    }

    /// <summary>Gives somebody an empty page in a context that is theirs from now on.</summary>
    public static async Task<Person> ArriveAsync(IBrowserContext context, string name)
    {
        context.SetDefaultTimeout((float)Wait.DefaultLimit.TotalMilliseconds);
        await context.AddInitScriptAsync(MediaReport.ProbeScript);
        var person = new Person(name, context, await context.NewPageAsync());
        person.Record();
        return person;
    }

    /// <inheritdoc />
    public async Task<MediaReport?> ReportAsync() => MediaReport.From(await Page.EvaluateAsync<JsonElement?>("() => window.parleyProbe?.report()"));

    /// <inheritdoc />
    public Task<JsonElement> ArrivalsAsync(long since) => Page.EvaluateAsync<JsonElement>("since => window.parleyProbe.arrivals(since)", since);

    /// <inheritdoc />
    public Task<string?> PathAsync() => Call.PathAsync();

    /// <summary>How many tracks of camera and microphone the page holds open now: what lights the lamp.</summary>
    public Task<int> LiveDevicesAsync() => Page.EvaluateAsync<int>("() => window.parleyProbe.liveDevices()");

    /// <summary>Lets the browser refuse something to an origin, as somebody does who clicks Block.</summary>
    /// <param name="origin">The origin that is refused.</param>
    /// <param name="permissions">Names of permissions: camera, microphone, local-network.</param>
    public Task RefuseAsync(Uri origin, params string[] permissions) => SetPermissionsAsync(origin, "denied", permissions);

    /// <summary>Lets the browser grant something to an origin, as somebody does who clicks Allow.</summary>
    /// <param name="origin">The origin that is granted it.</param>
    /// <param name="permissions">Names of permissions, of which Playwright need not know.</param>
    public Task AllowAsync(Uri origin, params string[] permissions) => SetPermissionsAsync(origin, "granted", permissions);

    /// <summary>
    /// Leaves for another site. It is one of the machine's own: Chromium may fetch the icon of the page left only now, and reports an error
    /// when a site that is not on the loopback itself, about:blank included, would have it from there.
    /// </summary>
    public Task GoElsewhereAsync() => Page.GotoAsync(new Uri(AppContext.BaseDirectory).ToString());

    /// <summary>Waits until the page's service worker has all its files. (<c>navigator.serviceWorker.ready</c> waits for ever where one is missing.)</summary>
    public Task<bool> HasServiceWorkerAsync() => Wait.UntilAsync(
        () => Page.EvaluateAsync<bool>("async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'"),
        active => active,
        $"{Name}: the service worker is active");

    /// <summary>Lets the lobby ask for the devices, where it waits to be told to.</summary>
    public async Task AskForDevicesAsync()
    {
        var ask = Page.GetByRole(AriaRole.Button, new() { Name = "Use camera and microphone" });
        if (await ask.IsVisibleAsync())
        {
            await ask.ClickAsync();
        }
    }

    /// <summary>Leaves what is needed to understand a failure: screenshot, page, console, messages on the WebSocket, media report.</summary>
    public async Task LeaveEvidenceAsync(string folder)
    {
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{Name}-console.txt"), _console);
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{Name}-socket.txt"), _frames);
        if (Page.IsClosed)
        {
            return;
        }

        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{Name}.png") });
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Name}.html"), await Page.ContentAsync());
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Name}-media.txt"), $"{await ReportAsync()}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Context.DisposeAsync();

    private async Task SetPermissionsAsync(Uri origin, string setting, string[] permissions)
    {
        var session = await Context.NewCDPSessionAsync(Page);
        var target = (await session.SendAsync("Target.getTargetInfo"))!.Value.GetProperty("targetInfo");
        foreach (var permission in permissions)
        {
            await session.SendAsync("Browser.setPermission", new Dictionary<string, object>
            {
                ["permission"] = new Dictionary<string, object> { ["name"] = permission },
                ["setting"] = setting,
                ["origin"] = origin.GetLeftPart(UriPartial.Authority),
                ["browserContextId"] = target.GetProperty("browserContextId").GetString()!,
            });
        }
    }

    private void Note(string direction, IWebSocketFrame frame) => _frames.Enqueue($"{_clock.Elapsed.TotalSeconds:0.000} {direction}: {frame.Text}");

    private void Record()
    {
        Page.Console += (_, message) =>
        {
            _console.Enqueue($"{message.Type}: {message.Text}");
            if (message.Type == "error")
            {
                _errors.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        Page.PageError += (_, error) =>
        {
            _console.Enqueue($"exception: {error}");
            _errors.Enqueue(error);
        };
        Context.Request += (_, request) => _requests.Enqueue(new Uri(request.Url));
        Page.WebSocket += (_, socket) =>
        {
            _requests.Enqueue(new Uri(socket.Url));
            socket.FrameSent += (_, frame) => Note("sent", frame);
            socket.FrameReceived += (_, frame) => Note("received", frame);
        };
    }
}
