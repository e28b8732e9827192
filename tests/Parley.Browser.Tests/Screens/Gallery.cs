using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Screens;

/// <summary>
/// The page's gallery: each of its screens by name, with a call that stands still. Built from the source once per run, and served to a
/// page out of its folder, by an address that exists in that page only.
/// </summary>
internal static class Gallery
{
    private const string Origin = "https://parley.example";
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "gallery");
    private static readonly Lazy<Task> Built = new(BuildAsync);

    /// <summary>Opens the gallery in a page and returns the names of its screens.</summary>
    public static async Task<string[]> OpenAsync(IPage page)
    {
        await Built.Value;
        await page.RouteAsync($"{Origin}/**", route => route.FulfillAsync(FileOf(new Uri(route.Request.Url))));
        await page.GotoAsync($"{Origin}/gallery.html");
        return [.. await page.GetByRole(AriaRole.Link).AllInnerTextsAsync()];
    }

    /// <summary>Shows one screen.</summary>
    public static async Task ShowAsync(IPage page, string screen)
    {
        await page.GotoAsync($"{Origin}/gallery.html?{screen}");
        await page.GetByRole(AriaRole.Main).WaitForAsync();
        if (screen == "lobby-other-tab")
        {
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Use it here|在这里使用") }).WaitForAsync();
        }

        var opens = screen[(screen.LastIndexOf('-') + 1)..] switch
        {
            "chat" => "^(Chat|聊天)$",
            "details" => "Connection details|连接详情",
            "more" => "^(More|更多)$",
            "settings" => "^(Settings|设置)$",
            "code" => "QR code|二维码",
            "report" => "Copy details|复制详情",
            "seat" => "Let me in when there is room|有空位时让我加入",
            _ => null,
        };
        if (opens is not null)
        {
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(opens) }).ClickAsync();
            await page.Mouse.MoveAsync(0, 0);
        }

        if (screen.EndsWith("-swapped", StringComparison.Ordinal))
        {
            await page.Keyboard.PressAsync("x");
            await page.Locator("remote-picture[small]").WaitForAsync();
        }

        if (screen.EndsWith("-safety", StringComparison.Ordinal))
        {
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(More|更多)$") }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Safety code|安全码)$") }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog, new() { NameRegex = new Regex("^(Safety code|安全码)$") }).WaitForAsync();
        }
    }

    private static RouteFulfillOptions FileOf(Uri address)
    {
        var path = Path.Combine(Folder, address.AbsolutePath.TrimStart('/'));
        var type = Path.GetExtension(path) switch
        {
            ".html" => "text/html",
            ".js" => "text/javascript",
            ".css" => "text/css",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        return File.Exists(path) ? new() { Path = path, ContentType = type } : new() { Status = 404 };
    }

    private static async Task BuildAsync()
    {
        using var npm = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["run", "--silent", "gallery"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "web"),
            RedirectStandardError = true,
        })!;
        var errors = await npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        Assert.True(npm.ExitCode == 0, $"The gallery could not be built: {errors}");
    }
}
