using Microsoft.Playwright;

namespace Parley.Testing;

/// <summary>How a Chromium is to be started.</summary>
public sealed record ChromiumOptions
{
    /// <summary>A camera and a microphone that play a test picture and beeps. Without them the browser sees whatever the machine has: here nothing.</summary>
    public bool FakeDevices { get; init; } = true;

    /// <summary>Whether the question for camera and microphone is answered with yes, unasked. If not, each context's permissions decide.</summary>
    public bool GrantDevices { get; init; } = true;

    /// <summary>The program to start; a script that starts Chromium in a network namespace, for one.</summary>
    public string Executable { get; init; } = "/usr/bin/chromium";

    /// <summary>Further command line switches.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [];
}

/// <summary>One Chromium process, without a window.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly Task<IPlaywright> Driver = Playwright.CreateAsync();

    // Assertions wait as long as everything else does: its own five seconds are short on a busy machine.
    static Chromium() => Assertions.SetDefaultExpectTimeout((float)Wait.DefaultLimit.TotalMilliseconds);

    private Chromium(IBrowser browser) => Browser = browser;

    /// <summary>Playwright's handle of the process.</summary>
    public IBrowser Browser { get; }

    /// <summary>Starts a Chromium that keeps to itself: no update, no sync, no request of its own.</summary>
    public static async Task<Chromium> LaunchAsync(ChromiumOptions? options = null)
    {
        options ??= new ChromiumOptions();
        var driver = await Driver;
        return new Chromium(await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = options.Executable, Args = SwitchesOf(options) }));
    }

    /// <summary>Starts one whose only context is that of an ordinary window: what pages keep lies on the disk, under this folder. It ends with its context.</summary>
    public static async Task<IBrowserContext> LaunchWithProfileAsync(string folder, ChromiumOptions? options = null)
    {
        options ??= new ChromiumOptions();
        var driver = await Driver;
        return await driver.Chromium.LaunchPersistentContextAsync(folder, new() { ExecutablePath = options.Executable, Args = SwitchesOf(options) });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Browser.DisposeAsync();

    private static List<string> SwitchesOf(ChromiumOptions options)
    {
        List<string> switches =
        [
            "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
            .. options.Switches,
        ];
        if (options.FakeDevices)
        {
            switches.Add("--use-fake-device-for-media-stream");
        }

        if (options.GrantDevices)
        {
            switches.Add("--use-fake-ui-for-media-stream");
        }

        return switches;
    }
}
