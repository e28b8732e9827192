using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Independent;

/// <summary>What docs/protocol says is enough to write another client from.</summary>
public sealed class IndependentTests(Stage stage) : FileTest(stage)
{
    [Fact]
    public async Task A_client_written_from_the_documents_has_a_call_with_Parleys_page_chats_with_it_and_takes_its_file()
    {
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await bob.Call.ReachesAsync("waiting");
        var ida = await ArriveAsync("ida");
        // A page that the test gives out comes from no network, so Chromium asks before it may talk to this machine's own server.
        await ida.Context.GrantPermissionsAsync(["local-network-access"]);
        await ida.Page.RouteAsync(Address("/independent.html"), route => route.FulfillAsync(new() { ContentType = "text/html", Body = ReadHtml() }));
        await ida.Page.GotoAsync(Address($"/independent.html#{Room}"));

        await bob.Call.ReachesAsync("connected");
        await Task.WhenAll(bob.SeesMovingPictureAsync(), bob.HearsSoundAsync());
        await ida.ReportWhenAsync(report => report is { FramesDecoded: > 10, AudioPacketsReceived: > 20 }, "picture and sound arrive");

        Assert.True(await ida.Page.EvaluateAsync<bool>("() => write('Hello from the paper')"));
        await bob.Call.Chat.ClickAsync();
        await bob.Call.ReadsAsync("Hello from the paper");
        await bob.Call.SayAsync("Hello, paper");
        await Assertions.Expect(bob.Page.GetByTitle("delivered")).ToHaveCountAsync(1);
        Assert.Equal(["Hello, paper"], await ida.Page.EvaluateAsync<string[]>("() => heard.chat"));

        var file = Make("small.bin", 200_000);
        await bob.Page.Locator("input[type=file]").SetInputFilesAsync(file);
        await bob.Call.ReadsAsync("Sent and checked");
        var files = await Wait.UntilAsync(() => ida.Page.EvaluateAsync<string[]>("() => heard.files"), files => files.Length > 0, "ida has the file");
        Assert.Equal([$"small.bin {Hash(file).ToLowerInvariant()}"], files);
    }

    private static string ReadHtml()
    {
        using var stream = typeof(IndependentTests).Assembly.GetManifestResourceStream("independent-client.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
