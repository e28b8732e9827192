using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>What both people read when a file cannot go on, and what a picture shows when it could.</summary>
public sealed class FileOutcomeTests(Stage stage) : FileTest(stage)
{
    [Fact]
    public async Task A_file_that_was_changed_after_it_was_chosen_is_not_sent()
    {
        var (alice, bob, path) = await OfferedAsync("film.bin", 1_000_000);
        File.AppendAllText(path, "more");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);

        await PressAsync(bob, "Accept", path);

        await Task.WhenAll(alice.Call.ReadsAsync("The file was changed, moved or cannot be read"), bob.Call.ReadsAsync("The file was changed, moved or cannot be read"));
    }

    // The disk's own error cannot be had in the middle of a file: the browser takes the room beforehand. So it comes from the write.
    private const string Fills = """
        {
          let left = 40;
          const { write } = FileSystemSyncAccessHandle.prototype;
          FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
            if (bytes.length > 10_000 && --left < 0) throw new DOMException('full', 'QuotaExceededError');
            return write.call(this, bytes, options);
          };
        }
        """;

    [Fact]
    public async Task A_device_that_is_full_in_the_middle_of_a_file_is_told_of_at_both_sides_and_nothing_else_suffers()
    {
        var (alice, bob) = await InCallAsync(bobs: new() { ServiceWorkers = ServiceWorkerPolicy.Block });
        await bob.Context.RouteAsync("**/disk-worker*", async route =>
        {
            var worker = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = worker, Body = Fills + await worker.TextAsync() });
        });
        var (large, small) = (Make("large.bin", 20_000_000), Make("small.bin", 5_000));
        await OfferAsync(alice, large);
        await bob.Call.Chat.ClickAsync();
        await PressAsync(bob, "Accept", large);

        await Task.WhenAll(alice.Call.ReadsAsync("There is not enough room on the receiving device"), bob.Call.ReadsAsync("There is not enough room on the receiving device"));
        await MediaProof.SeeAndHearEachOtherAsync(alice, bob);

        await alice.Page.Locator("input[type=file]").SetInputFilesAsync(small);
        await PressAsync(bob, "Accept", small);
        Assert.Equal(Hash(small), Hash(await SaveAsync(bob, small)));
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
}
