using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Files from one browser's disk to the other's.</summary>
public sealed class FileTests(Stage stage) : FileTest(stage)
{
    [Fact]
    public async Task Several_files_at_once_arrive_as_they_were()
    {
        var (alice, bob) = await InCallAsync();
        string[] files = [Make("Bär 🎈.bin", 20_000_000), Make("empty.txt", 0), Make("one.dat", 1)];
        await OfferAsync(alice, files);
        await bob.Call.ReadsAsync("offers");
        await bob.Call.Chat.ClickAsync();

        foreach (var file in files)
        {
            await PressAsync(bob, "Accept", file);
        }

        foreach (var file in files)
        {
            Assert.Equal(Hash(file), Hash(await SaveAsync(bob, file)));
        }

        await Assertions.Expect(alice.Page.GetByText("Sent and checked")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task A_file_goes_on_where_it_was_after_the_receiver_reloads()
    {
        var (alice, bob, file) = await OfferedAsync("large.bin", 60_000_000);
        await PressAsync(bob, "Accept", file);
        await PressAsync(bob, "Pause", file);
        await Assertions.Expect(bob.Page.GetByText("Paused by you")).ToBeVisibleAsync();

        await bob.Page.ReloadAsync();
        await bob.Call.ReachesAsync("connected");
        await bob.Call.Chat.ClickAsync();

        Assert.Equal(Hash(file), Hash(await SaveAsync(bob, file)));
        await Assertions.Expect(alice.Page.GetByText("Sent and checked")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_ends_a_file_is_its_first_button_whatever_becomes_of_it()
    {
        var (alice, bob, file) = await OfferedAsync("steady.bin", 60_000_000);
        await FirstButtonIsAsync(alice, "Cancel", file);
        await FirstButtonIsAsync(bob, "Decline", file);

        await PressAsync(bob, "Accept", file);
        await PressAsync(bob, "Pause", file);
        await alice.Call.ReadsAsync("Paused by the other person");
        await FirstButtonIsAsync(alice, "Cancel", file);
        await FirstButtonIsAsync(bob, "Cancel", file);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_side_stops_a_file_and_the_other_is_told(bool sender)
    {
        var (alice, bob, file) = await OfferedAsync("unwanted.bin", 60_000_000);
        await PressAsync(bob, "Accept", file);
        await PressAsync(bob, "Pause", file);

        await PressAsync(sender ? alice : bob, "Cancel", file);

        await (sender ? bob : alice).Call.ReadsAsync("The other person stopped it");
        await (sender ? alice : bob).Call.ReadsAsync("You stopped it");
        Assert.Equal(0, await bob.Page.EvaluateAsync<int>("""
            async () => {
              const root = await navigator.storage.getDirectory();
              const folder = await root.getDirectoryHandle('parley-files');
              for (let left = 100; left > 0; left--) {
                const names = await Array.fromAsync(folder.keys());
                if (names.length === 0) return 0;
                await new Promise(done => setTimeout(done, 50));
              }
              return 1;
            }
            """));
    }

    private static Task FirstButtonIsAsync(Person person, string action, string file) =>
        Assertions.Expect(person.Page.Locator("file-card button").First).ToHaveAccessibleNameAsync($"{action}: {Path.GetFileName(file)}");
}
