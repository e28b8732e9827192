using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Somebody who finds the room full, and waits until there is a seat.</summary>
public sealed class SeatTests(Stage stage) : CallTest(stage)
{
    /// <summary>Lets a page be in the background, where a browser without windows never puts one.</summary>
    private const string Sight = """
        window.inSight = (seen) => {
          for (const [name, value] of Object.entries({ hidden: !seen, visibilityState: seen ? 'visible' : 'hidden' }))
            Object.defineProperty(document, name, { configurable: true, get: () => value });
          document.dispatchEvent(new Event('visibilitychange'));
        };
        """;

    [Fact]
    public async Task Whoever_looks_on_is_in_the_call_as_soon_as_one_of_the_two_leaves()
    {
        var (alice, bob) = await InCallAsync();
        var carol = await WaitsForSeatAsync();
        await Assertions.Expect(carol.Page).ToHaveTitleAsync("Waiting for a seat · Parley");

        await alice.GoElsewhereAsync();

        await carol.Call.ReachesAsync("connected");
        await Task.WhenAll(carol.SeesMovingPictureAsync(), carol.HearsSoundAsync(), bob.SeesMovingPictureAsync(), bob.HearsSoundAsync());
        await Assertions.Expect(carol.Page.GetByRole(AriaRole.Heading, new() { Name = "Waiting for a seat" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whoever_is_elsewhere_is_called_and_not_on_the_air_until_they_are_back()
    {
        var (alice, bob) = await InCallAsync();
        var carol = await WaitsForSeatAsync();
        await carol.Page.EvaluateAsync("() => inSight(false)");
        await Wait.UntilAsync(CameraTracksAsync, live => live == 0, "the camera goes off with the page");

        await alice.GoElsewhereAsync();

        await carol.Call.ReachesAsync("connected");
        await Wait.UntilAsync(
            () => carol.Page.EvaluateAsync<string[]>("async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title }) => title)"),
            titles => titles.SequenceEqual(["A seat was free: you are in"]),
            "a notification");
        await bob.Call.ReadsAsync("Their camera is off");
        await bob.Call.ReadsAsync("Microphone off");
        await bob.HearsSilenceAsync();

        await carol.Page.EvaluateAsync("() => inSight(true)");
        await carol.Call.ReadsAsync("You came in while you were away. Microphone and camera are off until you switch them on.");
        await Assertions.Expect(carol.Call.Mute).ToHaveAttributeAsync("aria-pressed", "true");
        await carol.Call.CameraOff.ClickAsync();
        await carol.Call.Mute.ClickAsync();
        await Task.WhenAll(bob.SeesMovingPictureAsync(), bob.HearsSoundAsync());

        Task<int> CameraTracksAsync() => carol.Page.EvaluateAsync<int>("() => window.cameras.filter(({ readyState }) => readyState === 'live').length");
    }

    [Fact]
    public async Task Whoever_goes_away_asks_no_more()
    {
        var (alice, bob) = await InCallAsync();
        var carol = await WaitsForSeatAsync();
        await carol.Page.GetByRole(AriaRole.Button, new() { Name = "Start page" }).ClickAsync();
        await carol.Page.GetByRole(AriaRole.Button, new() { Name = "New call" }).WaitForAsync();
        await Wait.UntilAsync(carol.LiveDevicesAsync, live => live == 0, "camera and microphone are released");

        await alice.GoElsewhereAsync();
        await bob.Call.ReachesAsync("waiting");
    }

    private async Task<Person> WaitsForSeatAsync()
    {
        var carol = await ArriveAsync("carol", new() { Permissions = ["notifications", "camera", "microphone"] });
        await carol.Page.AddInitScriptAsync(Sight);
        await carol.Page.AddInitScriptAsync("""
            window.cameras = [];
            const { getUserMedia } = MediaDevices.prototype;
            MediaDevices.prototype.getUserMedia = async function (constraints) {
              const stream = await getUserMedia.call(this, constraints);
              window.cameras.push(...stream.getVideoTracks());
              return stream;
            };
            """);
        await carol.Call.EnterAsync(Stage.Server.Address, Room);
        await carol.Call.ReadsAsync("Two people are already here");
        await carol.Page.GetByRole(AriaRole.Button, new() { Name = "Let me in when there is room" }).ClickAsync();
        await carol.Page.GetByRole(AriaRole.Heading, new() { Name = "Waiting for a seat" }).WaitForAsync();
        return carol;
    }
}
