using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Screens;

/// <summary>
/// Takes pictures of the gallery: of states that a real call is seldom in, for docs/screens (<c>eng/screenshots.sh</c> runs it), and on
/// demand of every state in further sizes, to artifacts/look, for whoever works on the design. An ordinary test run does neither.
/// </summary>
public sealed class StateTests
{
    /// <summary>The screen of the gallery, and its name in docs/screens.</summary>
    private static readonly Dictionary<string, string> Documented = new()
    {
        ["lobby-blocked"] = "blocked",
        ["reconnecting"] = "reconnecting",
        ["error-room-full"] = "room-full",
        ["nowhere"] = "nowhere",
        ["full-seat"] = "waiting-for-a-seat",
        ["error-relay-unreachable"] = "no-path",
        ["error-replaced"] = "moved",
        ["connected-offline"] = "server-unreachable",
        ["connected-their-screen"] = "sharing",
        ["connected-details"] = "details",
    };

    [Theory(Explicit = true)]
    [MemberData(nameof(ScreenTests.Looks), MemberType = typeof(ScreenTests))]
    public Task Take_pictures_of_rare_states(string device, ColorScheme scheme) => TakeAsync(
        device == "phone" ? (390, 844) : (1280, 800),
        scheme,
        "en-US",
        screen => Documented.TryGetValue(screen, out var name)
            ? Path.Combine(Repository.Root, "docs", "screens", $"{name}-{device}-{scheme.ToString().ToLowerInvariant()}.png")
            : null);

    [Theory(Explicit = true)]
    [InlineData("desktop", 1280, 800, ColorScheme.Light, "en-US")]
    [InlineData("phone", 390, 844, ColorScheme.Dark, "en-US")]
    [InlineData("small", 320, 568, ColorScheme.Light, "zh-CN")]
    [InlineData("side", 740, 360, ColorScheme.Dark, "zh-CN")]
    [InlineData("wide", 2200, 1100, ColorScheme.Light, "en-US")]
    public Task Look_at_every_state(string device, int width, int height, ColorScheme scheme, string language)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "look")).FullName;
        return TakeAsync((width, height), scheme, language, screen => Path.Combine(folder, $"{screen}-{device}.png"));
    }

    private static async Task TakeAsync((int Width, int Height) size, ColorScheme scheme, string language, Func<string, string?> pathOf)
    {
        // Nobody has touched these pages, and they want no devices.
        await using var browser = await Chromium.LaunchAsync(new() { FakeDevices = false, GrantDevices = false, Switches = ["--autoplay-policy=no-user-gesture-required"] });
        await using var context = await browser.Browser.NewContextAsync(new()
        {
            ViewportSize = new ViewportSize { Width = size.Width, Height = size.Height },
            ColorScheme = scheme,
            Locale = language,
            IsMobile = size.Width < 800,
            HasTouch = size.Width < 800,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        foreach (var screen in await Gallery.OpenAsync(page))
        {
            if (pathOf(screen) is not { } path)
            {
                continue;
            }

            await Gallery.ShowAsync(page, screen);
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('video')].every(video => !video.checkVisibility({ visibilityProperty: true }) || video.videoWidth > 0)");
            if (screen == "connected-details")
            {
                await page.WaitForFunctionAsync("() => document.querySelector('.chart polyline').points.length > 6");
            }

            await page.ScreenshotAsync(new() { Path = path });
        }
    }
}
