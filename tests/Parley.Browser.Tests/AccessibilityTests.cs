using Microsoft.Playwright;
using Parley.Browser.Tests.Screens;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Every screen and state of the page, looked at by axe and measured: WCAG 2.2 AA, nothing wider than the screen.</summary>
public sealed class AccessibilityTests(Stage stage) : BrowserTest(stage)
{
    /// <summary>Desktop and the smallest phone, either color scheme, either language.</summary>
    public static TheoryData<int, int, ColorScheme, string> Looks => new()
    {
        { 1280, 800, ColorScheme.Light, "en-US" },
        { 320, 568, ColorScheme.Dark, "zh-CN" },
        { 740, 360, ColorScheme.Dark, "en-US" },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task No_screen_has_a_barrier_or_is_wider_than_the_window(int width, int height, ColorScheme scheme, string language)
    {
        await using var context = await ContextAsync(width, height, scheme, language);
        var page = await context.NewPageAsync();
        var screens = await Gallery.OpenAsync(page);
        Assert.True(screens.Length > 40, $"The gallery has {screens.Length} screens only.");

        List<string> barriers = [];
        foreach (var screen in screens)
        {
            await Gallery.ShowAsync(page, screen);
            barriers.AddRange((await BarriersAsync(page)).Select(barrier => $"{screen}: {barrier}"));
        }

        await page.GotoAsync(Address("/"));
        await page.GetByRole(AriaRole.Main).WaitForAsync();
        barriers.AddRange((await BarriersAsync(page)).Select(barrier => $"start: {barrier}"));
        await page.EvaluateAsync("() => localStorage.setItem('parley.recent', JSON.stringify([{ room: 'our-kitchen-table', name: 'Anna', at: Date.now() - 90000 }]))");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Anna" }).WaitForAsync();
        barriers.AddRange((await BarriersAsync(page)).Select(barrier => $"start with recent calls: {barrier}"));
        Assert.Empty(barriers);
    }

    [Theory]
    [InlineData("More")]
    [InlineData("Connection details")]
    [InlineData("Safety code")]
    [InlineData("Keyboard shortcuts")]
    public async Task No_sheet_has_a_barrier_and_each_gives_the_focus_back(string sheet)
    {
        await using var context = await ContextAsync(1280, 800, ColorScheme.Light, "en-US");
        var page = await context.NewPageAsync();
        await Gallery.OpenAsync(page);
        await Gallery.ShowAsync(page, "connected");
        var more = page.GetByRole(AriaRole.Button, new() { Name = "More" });
        await more.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        if (sheet != "More")
        {
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = sheet }).ClickAsync();
        }

        await page.GetByRole(AriaRole.Dialog, new() { Name = sheet }).WaitForAsync();
        Assert.Empty(await BarriersAsync(page));

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(more).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("lobby-ready", "Settings", "Settings")]
    [InlineData("waiting", "Show QR code", "Scan to join")]
    [InlineData("connected", "More", "More")]
    [InlineData("connected", "Connection details", "Connection details")]
    public async Task A_sheet_keeps_the_focus_inside_until_it_is_closed_and_gives_it_back(string screen, string button, string sheet)
    {
        await using var context = await ContextAsync(1280, 800, ColorScheme.Light, "en-US");
        var page = await context.NewPageAsync();
        await Gallery.OpenAsync(page);
        await Gallery.ShowAsync(page, screen);
        var opener = page.GetByRole(AriaRole.Button, new() { Name = button });
        await opener.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = sheet });
        await dialog.WaitForAsync();
        Assert.Empty(await BarriersAsync(page));

        for (var presses = 0; presses < 25; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            // Past the last control the browser's own ones follow, for which the page has no focus at all.
            Assert.True(
                await page.EvaluateAsync<bool>("() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null"),
                "The focus left the sheet for the page behind it.");
        }

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(opener).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(1280, "4")]
    [InlineData(390, "4")]
    [InlineData(320, "2,2")]
    public async Task The_pictures_of_the_safety_code_stand_in_full_rows_and_the_digits_have_air(int width, string rows)
    {
        await using var context = await ContextAsync(width, 720, ColorScheme.Light, "en-US");
        var page = await context.NewPageAsync();
        await Gallery.OpenAsync(page);
        await Gallery.ShowAsync(page, "connected-new-safety");
        var found = await page.EvaluateAsync<string>("""
            () => Object.values(Object.groupBy(document.querySelectorAll('dialog ol li'), (one) => one.offsetTop)).map((row) => row.length).join()
            """);
        Assert.Equal(rows, found);
        var dialog = page.GetByRole(AriaRole.Dialog);
        var digits = (await dialog.GetByText("1906 3279").BoundingBoxAsync())!;
        var below = (await dialog.GetByRole(AriaRole.Status).BoundingBoxAsync())!;
        Assert.True(below.Y - digits.Y - digits.Height >= 12, $"The digits end at {digits.Y + digits.Height}, and the box below begins at {below.Y}.");
    }

    [Theory]
    [InlineData("connected", "Mute microphone, Turn camera off, Share screen, Chat, More, Hang up")]
    [InlineData("lobby-ready", "Mute microphone, Turn camera off, Settings, Play a test sound, Microphone, Camera, Speaker, Your name, Join, Hide my address, Copy link, Show QR code")]
    [InlineData("error-room-full", "Let me in when there is room, New call, Start page")]
    public async Task The_keyboard_goes_through_every_control_in_the_order_of_the_page_and_each_is_marked(string screen, string order)
    {
        await using var context = await ContextAsync(1280, 800, ColorScheme.Light, "en-US");
        var page = await context.NewPageAsync();
        await Gallery.OpenAsync(page);
        await Gallery.ShowAsync(page, screen);
        List<string> names = [];
        for (var presses = 0; presses < 30; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await page.EvaluateAsync<string[]?>("""
                () => {
                  const element = document.activeElement;
                  if (element === document.body) return null;
                  const { outlineStyle, outlineWidth } = getComputedStyle(element);
                  const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
                  return [label.trim().split('\n')[0], `${outlineStyle} ${outlineWidth}`];
                }
                """);
            if (focused is null)
            {
                break;
            }

            Assert.True(focused[1] is "solid 3px", $"{focused[0]} has the focus and shows it by {focused[1]}.");
            names.Add(focused[0]);
        }

        string[] expected = order.Split(", ");
        Assert.Equal(expected, names.Where(name => expected.Contains(name)).Distinct());
    }

    [Fact]
    public async Task Who_wants_no_motion_gets_none_and_who_says_nothing_sees_the_shapes_move()
    {
        foreach (var motion in (ReducedMotion[])[ReducedMotion.Reduce, ReducedMotion.NoPreference])
        {
            await using var context = await Stage.Browsers[0].Browser.NewContextAsync(new() { ReducedMotion = motion });
            var page = await context.NewPageAsync();
            await Gallery.OpenAsync(page);
            foreach (var screen in (string[])["waiting", "connecting", "reconnecting", "full-seat"])
            {
                await Gallery.ShowAsync(page, screen);
                await page.Locator("p-pair").First.WaitForAsync();
                Task<int> MovingAsync() => page.EvaluateAsync<int>("() => document.getAnimations().filter(({ effect }) => effect.getComputedTiming().duration > 1).length");
                if (motion == ReducedMotion.NoPreference)
                {
                    await Wait.UntilAsync(MovingAsync, moving => moving > 0, $"{screen}: something moves");
                }
                else
                {
                    // Two frames: whatever moves once the screen is there has begun by then.
                    await page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
                    Assert.True(await MovingAsync() == 0, $"{screen}: {await MovingAsync()} animations for somebody who wants none");
                }
            }
        }
    }

    private async Task<IBrowserContext> ContextAsync(int width, int height, ColorScheme scheme, string language)
    {
        var context = await Stage.Browsers[0].Browser.NewContextAsync(new()
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = language,
            // Half-way through a fade no color is what it will be.
            ReducedMotion = ReducedMotion.Reduce,
            BypassCSP = true,
        });
        await context.AddInitScriptAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js")));
        return context;
    }

    private static Task<string[]> BarriersAsync(IPage page) => page.EvaluateAsync<string[]>("""
        async () => {
          const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
          const found = violations.flatMap(({ id, nodes }) => nodes.map(node => `${id} at ${node.target}: ${node.failureSummary}`));
          if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the window');
          return found;
        }
        """);
}
