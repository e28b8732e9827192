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
