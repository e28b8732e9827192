using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Screens;

/// <summary>
/// Takes pictures of the states that a real call is seldom in, from the gallery: <c>eng/screenshots.sh</c> runs it, an ordinary test run
/// does not. Those that tell most go to docs/screens; all of them, in further sizes, to artifacts/look, for whoever works on the design.
/// </summary>
public sealed class StateTests
{
    private static readonly string Look = Path.Combine(Repository.Root, "artifacts", "look");

    /// <summary>The name in docs/screens, and the screen of the gallery.</summary>
    private static readonly (string Name, string Screen)[] Documented =
    [
        ("blocked", "lobby-blocked"),
        ("reconnecting", "reconnecting"),
        ("room-full", "error-room-full"),
        ("no-path", "error-connection-failed"),
        ("moved", "error-replaced"),
        ("server-unreachable", "connected-offline"),
        ("sharing", "connected-their-screen"),
        ("details", "connected-details"),
    ];

    public static TheoryData<string, int, int, ColorScheme, string> Looks => new()
    {
        { "desktop", 1280, 800, ColorScheme.Light, "en-US" },
        { "desktop", 1280, 800, ColorScheme.Dark, "en-US" },
        { "phone", 390, 844, ColorScheme.Light, "en-US" },
        { "phone", 390, 844, ColorScheme.Dark, "en-US" },
        { "small", 320, 568, ColorScheme.Light, "zh-CN" },
        { "side", 740, 360, ColorScheme.Dark, "zh-CN" },
        { "wide", 2200, 1100, ColorScheme.Light, "en-US" },
    };

    [Theory(Explicit = true)]
    [MemberData(nameof(Looks))]
    public async Task Take_pictures_of_every_state(string device, int width, int height, ColorScheme scheme, string language)
    {
        // Nobody has touched these pages, and they want no devices.
        await using var browser = await Chromium.LaunchAsync(new() { FakeDevices = false, GrantDevices = false, Switches = ["--autoplay-policy=no-user-gesture-required"] });
        await using var context = await browser.Browser.NewContextAsync(new()
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = language,
            IsMobile = width < 800,
            HasTouch = width < 800,
            DeviceScaleFactor = 1,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        var suffix = $"{device}-{scheme.ToString().ToLowerInvariant()}.png";
        Directory.CreateDirectory(Look);
        foreach (var screen in await Gallery.OpenAsync(page))
        {
            await Gallery.ShowAsync(page, screen);
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('video')].every(video => !video.checkVisibility({ visibilityProperty: true }) || video.videoWidth > 0)");
            if (screen == "connected-details")
            {
                await page.WaitForFunctionAsync("() => document.querySelector('.chart polyline').points.length > 6");
            }

            var picture = await page.ScreenshotAsync(new() { Path = Path.Combine(Look, $"{screen}-{suffix}") });
            foreach (var (name, _) in Documented.Where(one => one.Screen == screen && device is "desktop" or "phone"))
            {
                await File.WriteAllBytesAsync(Path.Combine(Repository.Root, "docs", "screens", $"{name}-{suffix}"), picture, TestContext.Current.CancellationToken);
            }
        }
    }
}
