using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A large file goes straight to where the person wants it, in a browser that can ask.</summary>
public sealed class FilePlaceTests(Stage stage) : FileTest(stage)
{
    private const int Size = 100_000_000;

    // The browser's own question cannot be answered from here; what it gives the page is a handle like this one.
    private const string Picker = """
        () => {
          window.asked = [];
          window.closes = true;
          window.showSaveFilePicker = async ({ suggestedName }) => {
            window.asked.push(suggestedName);
            if (window.closes) throw new DOMException('closed', 'AbortError');
            return (await navigator.storage.getDirectory()).getFileHandle('chosen', { create: true });
          };
        }
        """;

    private const string Chosen = """
        async () => {
          const file = await (await (await navigator.storage.getDirectory()).getFileHandle('chosen')).getFile();
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
          return digest.toHex().toUpperCase();
        }
        """;

    [Fact]
    public async Task Who_closes_the_question_keeps_the_offer_and_who_answers_it_has_the_file_there()
    {
        var (alice, bob) = await InCallAsync();
        await bob.Page.EvaluateAsync(Picker);
        var file = Make("film.bin", Size);
        await OfferAsync(alice, file);
        await bob.Call.Chat.ClickAsync();

        await PressAsync(bob, "Accept", file);
        await Wait.UntilAsync(() => bob.Page.EvaluateAsync<string[]>("() => window.asked"), asked => asked is ["film.bin"], "the page asks for a place");
        await bob.Call.ReadsAsync("Do you want this file?");
        await alice.Call.ReadsAsync("Waiting for them to accept");

        await bob.Page.EvaluateAsync("() => { window.closes = false; }");
        await PressAsync(bob, "Accept", file);
        // A busy machine moves less than 2 MB a second beside two encoders.
        await bob.Page.GetByText("Saved and checked").WaitForAsync(new() { Timeout = 240_000 });
        await alice.Call.ReadsAsync("Sent and checked");
        Assert.Equal(Hash(file), await bob.Page.EvaluateAsync<string>(Chosen));
        Assert.Equal(0, await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Save: film.bin" }).CountAsync());
    }
}
