using Microsoft.Playwright;

namespace Parley.Browser.Tests;

/// <summary>What both people read when a file cannot go on, and what a picture shows when it could.</summary>
public sealed class FileOutcomeTests(Stage stage) : FileTest(stage)
{
    [Fact]
    public async Task A_file_that_was_changed_after_it_was_chosen_is_not_sent()
    {
        var (alice, bob) = await InCallAsync();
        var path = Make(1_000_000);
        await OfferAsync(alice, path);
        await bob.Call.Chat.ClickAsync();
        File.AppendAllText(path, "more");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);

        await PressAsync(bob, "Accept", path);

        await Task.WhenAll(alice.Call.ReadsAsync("The file was changed, moved or cannot be read"), bob.Call.ReadsAsync("The file was changed, moved or cannot be read"));
    }

    [Fact]
    public async Task A_picture_that_arrived_is_shown_and_one_that_is_none_is_not()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();
        await alice.Page.Locator("input[type=file]").SetInputFilesAsync(
        [
            new FilePayload { Name = "dot.png", MimeType = "image/png", Buffer = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==") },
            new FilePayload { Name = "drawing.svg", MimeType = "image/svg+xml", Buffer = "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray() },
        ]);

        foreach (var name in (string[])["dot.png", "drawing.svg"])
        {
            await bob.Page.GetByRole(AriaRole.Button, new() { Name = $"Accept: {name}" }).ClickAsync();
            await bob.Page.GetByRole(AriaRole.Button, new() { Name = $"Save: {name}" }).WaitForAsync();
        }

        await bob.Page.WaitForFunctionAsync("() => document.querySelector('img[alt=\"Picture dot.png\"]')?.naturalWidth === 1");
        Assert.Equal(1, await bob.Page.Locator("file-card img").CountAsync());
    }

    private string Make(long size)
    {
        var path = Path.Combine(Folder.FullName, "film.bin");
        using var file = File.Create(path);
        file.SetLength(size);
        return path;
    }
}
