using System.Text.Json;
using Microsoft.Playwright;

namespace Parley.Testing.Textbook;

/// <summary>The textbook's page in somebody's browser. It is given out at an address of the server under test, which knows nothing of it.</summary>
public sealed class TextbookClient
{
    private static readonly string Html = ReadHtml();

    private readonly Person _person;

    private TextbookClient(Person person) => _person = person;

    /// <summary>Opens the page and waits until its socket has moved from polling to WebSocket and its camera runs.</summary>
    public static async Task<TextbookClient> OpenAsync(Person person, Uri server, string room)
    {
        // A page that the test gives out comes from no network, so Chromium asks before it may talk to this machine's own server.
        await person.Context.GrantPermissionsAsync(["local-network-access"]);
        var address = new Uri(server, "/textbook.html");
        await person.Page.RouteAsync(address.ToString(), route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Html }));
        await person.Page.GotoAsync($"{address}#{room}");
        var client = new TextbookClient(person);
        await person.Page.EvaluateAsync("() => localStream");
        await Wait.UntilAsync(() => client.EvaluateAsync<string?>("socket.io.engine?.transport.name"), name => name == "websocket", $"{person.Name}: upgrade to WebSocket");
        return client;
    }

    /// <summary>The button that makes the call.</summary>
    public ILocator Call => _person.Page.GetByRole(AriaRole.Button, new() { Name = "Call" });

    /// <summary>Clicks Call.</summary>
    public Task CallAsync() => Call.ClickAsync();

    /// <summary>Clicks Hang Up.</summary>
    public Task HangUpAsync() => _person.Page.GetByRole(AriaRole.Button, new() { Name = "Hang Up" }).ClickAsync();

    /// <summary>Waits until its peer connection is connected.</summary>
    public Task ConnectsAsync() => _person.ReportWhenAsync(report => report.ConnectionState == "connected", "connected");

    /// <summary>Begins anew to write down every Socket.IO event that comes in.</summary>
    public Task ListenAsync() => _person.Page.EvaluateAsync("() => { if (!window.events) socket.onAny((...event) => window.events.push(event)); window.events = []; }");

    /// <summary>The events written down so far, each as the JSON of its name and arguments.</summary>
    public async Task<string[]> EventsAsync() => [.. (await EvaluateAsync<JsonElement>("window.events")).EnumerateArray().Select(e => e.GetRawText())];

    /// <summary>Sends data to the other one through the server.</summary>
    public Task SendAsync(string text) => _person.Page.EvaluateAsync("text => { socket.emit('message', room, { type: 'note', text }); }", text);

    private Task<T> EvaluateAsync<T>(string expression) => _person.Page.EvaluateAsync<T>($"() => {expression}");

    private static string ReadHtml()
    {
        using var stream = typeof(TextbookClient).Assembly.GetManifestResourceStream("textbook-client.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
