using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Parley.Testing;

/// <summary>Parley's page as a person uses it: controls by their accessible names, situations by what the root element says.</summary>
public sealed class CallPage(Person person)
{
    private IPage Page => person.Page;

    /// <summary>The remote picture, named for those who cannot see it.</summary>
    public ILocator RemotePicture => Page.GetByLabel(new Regex("^Picture of"));

    /// <summary>The button that enters the room.</summary>
    public ILocator Join => Button("Join");

    /// <summary>The button that ends the call.</summary>
    public ILocator HangUp => Button("Hang up");

    /// <summary>The switch that is pressed while the microphone is off.</summary>
    public ILocator Mute => Button("Mute microphone");

    /// <summary>The switch that is pressed while the camera is off.</summary>
    public ILocator CameraOff => Button("Turn camera off");

    /// <summary>The switch that shows the chat.</summary>
    public ILocator Chat => Button("Chat");

    /// <summary>Everything said in the chat so far.</summary>
    public ILocator Messages => Page.GetByRole(AriaRole.Log, new() { Name = "Chat" });

    /// <summary>Opens a room's page; stays in the lobby.</summary>
    public async Task OpenAsync(Uri server, string room)
    {
        await Page.GotoAsync(new Uri(server, $"/r/{room}").ToString());
        await Join.WaitForAsync();
    }

    /// <summary>Opens a room's page and joins.</summary>
    public async Task EnterAsync(Uri server, string room)
    {
        await OpenAsync(server, room);
        await Join.ClickAsync();
    }

    /// <summary>Waits until the root element's <c>data-call-state</c> is one of these, and returns it.</summary>
    public Task<string> ReachesAsync(params string[] states) => ReachesAsync(Wait.DefaultLimit, states);

    /// <summary>Waits, within a limit, until the root element's <c>data-call-state</c> is one of these, and returns it.</summary>
    public async Task<string> ReachesAsync(TimeSpan limit, params string[] states)
    {
        var reached = await Wait.UntilAsync(SituationAsync, now => states.Contains(now.State), $"{person.Name}: {string.Join(" or ", states)}", limit);
        return reached.State;
    }

    /// <summary>The root element's <c>data-call-state</c> now.</summary>
    public Task<string> StateAsync() => Page.EvaluateAsync<string>("() => document.documentElement.dataset.callState ?? ''");

    /// <summary>The root element's <c>data-path</c> now; null where it has none.</summary>
    public Task<string?> PathAsync() => Page.EvaluateAsync<string?>("() => document.documentElement.dataset.path ?? null");

    /// <summary>Sends a chat message; the chat must be open.</summary>
    public async Task SayAsync(string text)
    {
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync(text);
        await Button("Send").ClickAsync();
    }

    /// <summary>Waits until a text is to be seen on the page.</summary>
    public Task ReadsAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>The state, and what explains it where it is not the expected one.</summary>
    private async Task<Situation> SituationAsync()
    {
        var now = await Page.EvaluateAsync<string[]>("""
            () => [
              document.documentElement.dataset.callState ?? '',
              (window.parleyProbe?.connections ?? []).map((c) => `${c.connectionState}, ICE ${c.iceConnectionState}, ${c.signalingState}`).join('; '),
            ]
            """);
        return new(now[0], now[1], person);
    }

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private sealed record Situation(string State, string Connections, Person Person)
    {
        private const int LastFrames = 12;
        private const int ShownLength = 200;

        public override string ToString()
        {
            var frames = Person.Frames.TakeLast(LastFrames).Select(frame => frame[..Math.Min(frame.Length, ShownLength)]);
            return string.Join("\n  ", [$"{State}; peer connections: {Connections}; WebSocket:", .. frames]);
        }
    }
}
