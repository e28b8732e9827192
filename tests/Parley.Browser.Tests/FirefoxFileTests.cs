using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Files between Chromium and Firefox.</summary>
public sealed class FirefoxFileTests(Stage stage) : CallTest(stage)
{
    private const string Offer = """
        (async () => {
          const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => Math.imul(i, 2654435761) >>> 13);
          const list = new DataTransfer();
          list.items.add(new File([bytes], NAME));
          const input = document.querySelector('input[type=file]');
          input.files = list.files;
          input.dispatchEvent(new Event('change'));
          return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toString();
        })()
        """;

    private const string Catch = """
        (() => {
          URL.createObjectURL = blob => { window.saved = blob; return 'blob:null'; };
          HTMLAnchorElement.prototype.click = () => {};
          return true;
        })()
        """;

    private const string Saved =
        "(async () => new Uint8Array(await crypto.subtle.digest('SHA-256', await window.saved.arrayBuffer())).toString())()";

    [Fact]
    public async Task A_file_goes_from_Chromium_to_Firefox_and_one_back()
    {
        await using var fiona = await Firefox.LaunchAsync("fiona");
        await fiona.GotoAsync(Address($"/r/{Room}"));
        var carl = await InLobbyAsync("carl");
        await carl.Call.Join.ClickAsync();
        await carl.Call.ReachesAsync("waiting");
        await fiona.ClickAsync("Join");
        await Task.WhenAll(fiona.ReachesAsync("connected"), carl.Call.ReachesAsync("connected"));
        await carl.Call.Chat.ClickAsync();
        await fiona.ClickAsync("Chat");
        await fiona.EvaluateAsync(Catch);
        await carl.Page.EvaluateAsync(Catch);

        var there = await carl.Page.EvaluateAsync<string>(Offer.Replace("NAME", "'there.bin'", StringComparison.Ordinal));
        await fiona.ClickAsync("Accept: there.bin");
        await fiona.ClickAsync("Save: there.bin");
        Assert.Equal(there, (await fiona.EvaluateAsync(Saved)).GetString());

        var back = (await fiona.EvaluateAsync(Offer.Replace("NAME", "'back.bin'", StringComparison.Ordinal))).GetString();
        await carl.Page.GetByRole(AriaRole.Button, new() { Name = "Accept: back.bin" }).ClickAsync();
        await carl.Page.GetByRole(AriaRole.Button, new() { Name = "Save: back.bin" }).ClickAsync();
        Assert.Equal(back, await carl.Page.EvaluateAsync<string>(Saved));
    }
}
