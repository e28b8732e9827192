using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Parley.Testing;

/// <summary>
/// Somebody with Debian's Firefox, a fake camera and a fake microphone. Playwright drives only a Firefox of its own build, so this one is
/// driven by WebDriver BiDi; a profile of its own is made and thrown away.
/// </summary>
public sealed partial class Firefox : IMediaWitness, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ConcurrentQueue<string> _console = [];
    private BiDiSession _session = null!;
    private string _context = "";

    private Firefox(string name, Process process, string profile)
    {
        Name = name;
        _process = process;
        _profile = profile;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>Everything on the page's console so far.</summary>
    public IReadOnlyCollection<string> Console => _console;

    /// <summary>Starts Firefox without a window.</summary>
    /// <param name="name">What to call the person.</param>
    /// <param name="options">Where it runs and whom it trusts.</param>
    public static async Task<Firefox> LaunchAsync(string name, FirefoxOptions? options = null)
    {
        options ??= new FirefoxOptions();
        var profile = Directory.CreateTempSubdirectory("parley-firefox-").FullName;
        await File.WriteAllTextAsync(Path.Combine(profile, "user.js"), Preferences);
        await options.PrepareProfile(profile);

        string[] command = [.. options.Launcher, "firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = profile;
        var firefox = new Firefox(name, new Process { StartInfo = start }, profile);
        try
        {
            await firefox.BeginAsync(options);
            return firefox;
        }
        catch
        {
            await firefox.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens an address and waits until it has loaded.</summary>
    public Task GotoAsync(string address) =>
        _session.SendAsync("browsingContext.navigate", new JsonObject { ["context"] = _context, ["url"] = address, ["wait"] = "complete" });

    /// <summary>Evaluates an expression in the page, waiting where it is a promise; the result travels as JSON.</summary>
    /// <exception cref="InvalidOperationException">The expression threw.</exception>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var result = await _session.SendAsync("script.evaluate", new JsonObject
        {
            ["expression"] = $"(async () => JSON.stringify((await ({expression})) ?? null))()",
            ["target"] = new JsonObject { ["context"] = _context },
            ["awaitPromise"] = true,
            ["userActivation"] = true,
        });
        return (string?)result["type"] == "success"
            ? JsonDocument.Parse((string)result["result"]!["value"]!).RootElement
            : throw new InvalidOperationException($"{Name}: {result["exceptionDetails"]?["text"]}");
    }

    /// <summary>Waits for a button with this accessible name and clicks it.</summary>
    public async Task ClickAsync(string button)
    {
        // Looking for accessible names stops the whole page for a third of a second: only once there is something to be found.
        await Wait.UntilAsync(
            () => EvaluateAsync("[...document.querySelectorAll('button')].map(({ ariaLabel, innerText }) => ariaLabel ?? innerText.trim())"),
            names => names.EnumerateArray().Any(name => name.ValueEquals(button)),
            $"{Name}: a button that may be {button}");
        var found = await Wait.UntilAsync(() => LocateAsync(button), nodes => nodes.Count > 0, $"{Name}: a button named {button}");
        await _session.SendAsync("script.callFunction", new JsonObject
        {
            ["functionDeclaration"] = "button => button.click()",
            ["arguments"] = new JsonArray(new JsonObject { ["sharedId"] = (string)found[0]!["sharedId"]! }),
            ["target"] = new JsonObject { ["context"] = _context },
            ["awaitPromise"] = false,
            ["userActivation"] = true,
        });
    }

    /// <summary>Waits until a text is to be seen on the page.</summary>
    public Task ReadsAsync(string text) =>
        Wait.UntilAsync(async () => (await EvaluateAsync("document.body.innerText")).GetString()!, seen => seen.Contains(text, StringComparison.Ordinal), $"{Name}: {text}");

    /// <summary>Writes into the field with this label.</summary>
    public Task WriteAsync(string label, string text) => EvaluateAsync(
        $$"""
        (() => {
          const field = [...document.querySelectorAll('[aria-label]')].find(({ ariaLabel }) => ariaLabel === {{JsonSerializer.Serialize(label)}});
          field.value = {{JsonSerializer.Serialize(text)}};
          field.dispatchEvent(new Event('input', { bubbles: true }));
        })()
        """);

    /// <summary>Waits until the root element's <c>data-call-state</c> is the one given.</summary>
    public Task ReachesAsync(string state) =>
        Wait.UntilAsync(async () => (await EvaluateAsync("document.documentElement.dataset.callState")).GetString(), now => now == state, $"{Name}: {state}");

    /// <inheritdoc />
    public async Task<string?> PathAsync() => (await EvaluateAsync("document.documentElement.dataset.path")).GetString();

    /// <inheritdoc />
    public async Task<MediaReport?> ReportAsync() => MediaReport.From(await EvaluateAsync("window.parleyProbe.report()"));

    /// <inheritdoc />
    public Task<JsonElement> ArrivalsAsync(long since) => EvaluateAsync($"window.parleyProbe.arrivals({since})");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task BeginAsync(FirefoxOptions options)
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is not null && Listening().Match(line.Data) is { Success: true } match)
            {
                port.TrySetResult(int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var address = new Uri($"ws://127.0.0.1:{await port.Task.WaitAsync(StartLimit)}/session");
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = options.OpenSocket();
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _session = await BiDiSession.BeginAsync(address, new HttpMessageInvoker(handler), OnEvent);
        var contexts = (await _session.SendAsync("browsingContext.getTree", []))["contexts"]!.AsArray();
        _context = (string)contexts[0]!["context"]!;
        await _session.SendAsync("session.subscribe", new JsonObject { ["events"] = new JsonArray("log.entryAdded") });
        if (options.ProbeOptions is not null)
        {
            await PreloadAsync($"window.parleyProbeOptions = {options.ProbeOptions};");
        }

        await PreloadAsync(MediaReport.ProbeScript);
    }

    private async Task PreloadAsync(string script) =>
        await _session.SendAsync("script.addPreloadScript", new JsonObject { ["functionDeclaration"] = $"() => {{ {script} }}" });

    private async Task<JsonArray> LocateAsync(string button) => (await _session.SendAsync("browsingContext.locateNodes", new JsonObject
    {
        ["context"] = _context,
        ["locator"] = new JsonObject { ["type"] = "accessibility", ["value"] = new JsonObject { ["role"] = "button", ["name"] = button } },
    }))["nodes"]!.AsArray();

    private void OnEvent(string name, JsonNode parameters) => _console.Enqueue($"{parameters["level"]}: {parameters["text"]}");

    // Fake devices, given without a question; no host candidates behind mDNS names, which do not cross the lab's routers; no requests of its own.
    private const string Preferences =
        """
        user_pref("media.navigator.streams.fake", true);
        user_pref("media.navigator.permission.disabled", true);
        user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
        user_pref("media.autoplay.default", 0);
        user_pref("app.normandy.enabled", false);
        user_pref("app.update.disabledForTesting", true);
        user_pref("browser.aboutHomeSnippets.updateUrl", "");
        user_pref("browser.safebrowsing.malware.enabled", false);
        user_pref("browser.safebrowsing.phishing.enabled", false);
        user_pref("browser.safebrowsing.downloads.enabled", false);
        user_pref("browser.shell.checkDefaultBrowser", false);
        user_pref("datareporting.policy.dataSubmissionEnabled", false);
        user_pref("extensions.getAddons.cache.enabled", false);
        user_pref("network.captive-portal-service.enabled", false);
        user_pref("network.connectivity-service.enabled", false);
        user_pref("services.settings.server", "data:,#none");
        user_pref("toolkit.telemetry.server", "");
        """;

    [GeneratedRegex(@"WebDriver BiDi listening on ws://[^:]+:(\d+)")]
    private static partial Regex Listening();
}
