using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Safety;

/// <summary>
/// A server that lies, and its accomplice. Both people open the same room; the server puts them into two, and into each of them the page
/// of somebody who ends both encrypted connections and passes picture and sound on.
/// </summary>
internal static class Mallory
{
    private static readonly string Html = ReadHtml();

    /// <summary>Lets the server lie to somebody, before their page is opened: what they know as one room is another.</summary>
    public static Task LieToAsync(Person person, string room, string truth) =>
        person.Page.RouteWebSocketAsync(new Regex("/socket\\.io/"), socket =>
        {
            var server = socket.ConnectToServer();
            socket.OnMessage(frame => Pass(frame, server.Send, server.Send, room, truth));
            server.OnMessage(frame => Pass(frame, socket.Send, socket.Send, truth, room));
        });

    /// <summary>Opens the page in between. It joins both rooms as soon as it may use a microphone.</summary>
    /// <param name="person">Whose browser it runs in.</param>
    /// <param name="server">The server under test.</param>
    /// <param name="rooms">The rooms of the two.</param>
    /// <param name="mode">What it does with the safety code: own, relay or cheat.</param>
    public static async Task OpenAsync(Person person, Uri server, (string A, string B) rooms, string mode)
    {
        // A page that the test gives out comes from no network, so Chromium asks before it may talk to this machine's own server.
        await person.Context.GrantPermissionsAsync(["local-network-access"]);
        var address = new Uri(server, "/mallory.html");
        await person.Page.RouteAsync(address.ToString(), route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Html }));
        await person.Page.GotoAsync($"{address}#{rooms.A},{rooms.B},{mode}");
    }

    private static void Pass(IWebSocketFrame frame, Action<string> text, Action<byte[]> binary, string from, string to)
    {
        if (frame.Text is { } words)
        {
            text(words.Replace($"\"{from}\"", $"\"{to}\"", StringComparison.Ordinal));
        }
        else if (frame.Binary is { } bytes)
        {
            binary(bytes);
        }
    }

    private static string ReadHtml()
    {
        using var stream = typeof(Mallory).Assembly.GetManifestResourceStream("mallory.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
