using System.Text.Json;
using Microsoft.Playwright;
using Parley.Browser.Tests.Screens;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Everything that a browser may answer to the question for camera and microphone: each has its own words and its way out.</summary>
public sealed class TroubleTests(Stage stage) : CallTest(stage)
{
    /// <param name="Error">The name of the exception.</param>
    /// <param name="Message">Its message.</param>
    /// <param name="Permission">What the browser says of the permission then.</param>
    /// <param name="Title">What the person reads.</param>
    /// <param name="Advice">A part of what they are advised.</param>
    /// <param name="Before">Further script before the page's own.</param>
    private sealed record Trouble(string Error, string Message, string Permission, string Title, string Advice, string Before = "");

    private static readonly Trouble[] Table =
    [
        new("NotAllowedError", "Permission dismissed", "prompt", "The question was closed", "Ask again, and choose Allow"),
        new("NotAllowedError", "Permission denied", "denied", "Camera and microphone are blocked for this page", "Click this sign at the left end of the address"),
        new("NotAllowedError", "Permission denied by system", "denied", "Your system keeps the camera and microphone from the browser", "privacy settings"),
        new("NotAllowedError", "The request is not allowed", "granted", "Your system keeps the camera and microphone from the browser", "privacy settings"),
        new("NotAllowedError", "Permission denied", "denied", "The page around this call does not allow the camera and microphone", "in a tab of its own",
            "Object.defineProperty(document, 'featurePolicy', { value: { allowsFeature: () => false } });"),
        new("NotFoundError", "Requested device not found", "prompt", "No camera and no microphone found", "You can join without"),
        new("OverconstrainedError", "", "prompt", "No camera and no microphone found", "You can join without"),
        new("NotReadableError", "Could not start video source", "prompt", "The camera and microphone are busy", "Close it there, then try again"),
        new("AbortError", "Starting videoinput failed", "prompt", "The camera and microphone are busy", "Close it there, then try again"),
        new("SecurityError", "The operation is insecure", "denied", "Camera and microphone are blocked for this page", "Click this sign at the left end of the address"),
        new("TypeError", "who knows", "prompt", "The camera and microphone did not start", "Try again, or choose another device"),
    ];

    [Fact]
    public async Task Every_refusal_of_the_devices_has_its_own_words_and_trying_again_can_help()
    {
        var alice = await ArriveAsync("alice");
        foreach (var trouble in Table)
        {
            var page = await alice.Context.NewPageAsync();
            await page.AddInitScriptAsync(Refusing(trouble.Error, trouble.Message, trouble.Permission, "both") + trouble.Before);
            await page.GotoAsync(Address($"/r/{Room}"));
            await AskAsync(page);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = trouble.Title })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText(trouble.Advice)).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Join" })).ToBeEnabledAsync();

            await page.EvaluateAsync("() => { window.refused = 'none'; }");
            await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
            await Assertions.Expect(page.GetByLabel("Your picture, as in a mirror")).ToBeVisibleAsync();
            await page.CloseAsync();
        }
    }

    [Theory]
    [InlineData("Object.defineProperty(window, 'isSecureContext', { value: false }); Object.defineProperty(navigator, 'mediaDevices', { value: undefined });", "Camera and microphone need a secure page")]
    [InlineData("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });", "This browser has no access to the camera and microphone")]
    public async Task A_page_or_a_browser_without_devices_says_so(string without, string title)
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(without);
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await AskAsync(alice.Page);
        await Assertions.Expect(alice.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await alice.Call.Join.ClickAsync();
        await alice.Call.ReachesAsync("waiting");
    }

    [Fact]
    public async Task Once_the_person_has_allowed_it_in_the_browser_the_camera_starts_by_itself()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Refusing("NotAllowedError", "Permission denied", "denied", "both"));
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await AskAsync(alice.Page);
        await alice.Call.ReadsAsync("Camera and microphone are blocked for this page");

        await alice.Page.EvaluateAsync("() => { window.refused = 'none'; window.allow(); }");
        await Assertions.Expect(alice.Page.GetByLabel("Your picture, as in a mirror")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task One_has_a_camera_only_and_the_other_a_microphone_only_and_each_gives_what_they_have()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Refusing("NotFoundError", "Requested device not found", "prompt", "audio"));
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await AskAsync(alice.Page);
        await alice.Call.ReadsAsync("No microphone found");
        await Assertions.Expect(alice.Page.GetByLabel("Your picture, as in a mirror")).ToBeVisibleAsync();
        await alice.Call.Join.ClickAsync();

        var bob = await ArriveAsync("bob");
        await bob.Page.AddInitScriptAsync(Refusing("NotReadableError", "Could not start video source", "prompt", "video"));
        await bob.Call.OpenAsync(Stage.Server.Address, Room);
        await AskAsync(bob.Page);
        await bob.Call.ReadsAsync("The camera is busy");
        await bob.Call.Join.ClickAsync();

        await ConnectAsync(alice, bob);
        await Task.WhenAll(bob.SeesMovingPictureAsync(), alice.HearsSoundAsync());
        await alice.Call.ReadsAsync("Their camera is off");
        await bob.Call.ReadsAsync("Microphone off");
    }

    [Fact]
    public async Task A_camera_that_is_pulled_out_in_the_call_is_told_to_both_and_used_again_when_it_is_plugged_in()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Refusing("NotFoundError", "Requested device not found", "granted", "none"));
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReachesAsync("waiting");
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await bob.SeesMovingPictureAsync();

        await alice.Page.EvaluateAsync("() => window.pullOut('video')");
        await alice.Call.ReadsAsync("The camera is gone");
        await bob.Call.ReadsAsync("Their camera is off");

        await alice.Page.EvaluateAsync("() => window.plugIn()");
        await Assertions.Expect(bob.Page.GetByText("Their camera is off")).ToHaveCountAsync(0);
        await bob.SeesMovingPictureAsync();
        await Assertions.Expect(alice.Page.GetByText("The camera is gone")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_system_holds_for_a_while_is_told_to_both_and_comes_back_by_itself_or_by_a_tap(bool byItself)
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Refusing("NotFoundError", "Requested device not found", "granted", "none"));
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReachesAsync("waiting");
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await Task.WhenAll(bob.SeesMovingPictureAsync(), bob.HearsSoundAsync());

        await alice.Page.EvaluateAsync("() => window.hold(true)");
        await alice.Call.ReadsAsync("The system holds the camera and microphone");
        await bob.Call.ReadsAsync("Their camera is off");
        await bob.Call.ReadsAsync("Microphone off");

        if (byItself)
        {
            await alice.Page.EvaluateAsync("() => window.hold(false)");
        }
        else
        {
            await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        }

        await Assertions.Expect(alice.Page.GetByText("The system holds")).ToHaveCountAsync(0);
        await Assertions.Expect(bob.Page.GetByText("Their camera is off")).ToHaveCountAsync(0);
        await Assertions.Expect(bob.Page.GetByText("Microphone off")).ToHaveCountAsync(0);
        await Task.WhenAll(bob.SeesMovingPictureAsync(), bob.HearsSoundAsync());
    }

    [Fact]
    public async Task When_the_microphone_is_pulled_out_another_takes_its_place_and_is_named()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Refusing("NotFoundError", "Requested device not found", "granted", "none") + """
            // What was pulled out is not given again.
            const { getUserMedia } = MediaDevices.prototype;
            MediaDevices.prototype.getUserMedia = async function (constraints) {
              const all = (await this.enumerateDevices()).filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== 'default');
              return getUserMedia.call(this, constraints.audio && window.gone ? { ...constraints, audio: { deviceId: { exact: all[1].deviceId } } } : constraints);
            };
            """);
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReachesAsync("waiting");
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await bob.HearsSoundAsync();

        await alice.Page.EvaluateAsync("() => { window.gone = true; window.pullOut('audio'); window.refused = 'none'; }");

        await alice.Call.ReadsAsync("Now using Fake Audio Input 2");
        await bob.HearsSoundAsync();
        await Assertions.Expect(bob.Page.GetByText("Microphone off")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("denied", true)]
    [InlineData("granted", false)]
    public async Task Where_the_browser_keeps_the_page_from_the_local_network_that_is_said_when_no_path_is_found(string state, bool said)
    {
        await using var context = await Stage.Browsers[0].Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync($$"""
            const { query } = Permissions.prototype;
            Permissions.prototype.query = async function (descriptor) {
              return descriptor.name.startsWith('local-network') ? { state: '{{state}}' } : query.call(this, descriptor);
            };
            """);
        await Gallery.OpenAsync(page);
        await Gallery.ShowAsync(page, "error-connection-failed");
        await Assertions.Expect(page.GetByText("Your browser keeps this page from your local network")).ToHaveCountAsync(said ? 1 : 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_details_of_a_relayed_call_say_whether_the_browser_or_the_networks_cost_the_direct_way(bool refused)
    {
        await using var browser = await Chromium.LaunchAsync(new() { FakeDevices = false, GrantDevices = false });
        await using var alice = await Person.ArriveAsync(browser, "alice");
        await Gallery.OpenAsync(alice.Page);
        Uri gallery = new(new Uri(alice.Page.Url).GetLeftPart(UriPartial.Authority));
        await (refused ? alice.RefuseAsync(gallery, "local-network-access") : alice.AllowAsync(gallery, "local-network-access"));
        await Gallery.ShowAsync(alice.Page, "connected-details");

        await alice.Call.ReadsAsync(refused ? "Your browser keeps this page from your local network" : "Your networks allow no direct way");
        await Assertions.Expect(alice.Page.GetByText(refused ? "Your networks allow no direct way" : "Your browser keeps this page")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_microphone_that_gives_no_sound_at_all_is_noticed()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("""
            const { getUserMedia } = MediaDevices.prototype;
            MediaDevices.prototype.getUserMedia = async function (constraints) {
              const stream = await getUserMedia.call(this, constraints);
              for (const track of stream.getAudioTracks()) stream.removeTrack(track);
              const silence = new AudioContext().createMediaStreamDestination();
              if (constraints.audio) stream.addTrack(silence.stream.getAudioTracks()[0]);
              return stream;
            };
            """);
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReadsAsync("Your microphone gives no sound at all");
    }

    private static async Task AskAsync(IPage page)
    {
        var ask = page.GetByRole(AriaRole.Button, new() { Name = "Use camera and microphone" });
        var refused = page.GetByRole(AriaRole.Button, new() { Name = "Try again" });
        await ask.Or(refused).Or(page.Locator("video:visible")).First.WaitForAsync();
        if (await ask.IsVisibleAsync())
        {
            await ask.ClickAsync();
        }
    }

    /// <summary>A browser that refuses audio, video, both or (for now) none of them, and what it says of the permission meanwhile.</summary>
    private static string Refusing(string error, string message, string permission, string what) => $$"""
        window.refused = {{JsonSerializer.Serialize(what)}};
        {
          const statuses = [];
          const { query } = Permissions.prototype;
          Permissions.prototype.query = async function (descriptor) {
            if (descriptor.name !== 'camera' && descriptor.name !== 'microphone') return query.call(this, descriptor);
            const status = Object.assign(new EventTarget(), { state: {{JsonSerializer.Serialize(permission)}} });
            statuses.push(status);
            return status;
          };
          window.allow = () => {
            for (const status of statuses) {
              status.state = 'granted';
              status.dispatchEvent(new Event('change'));
            }
          };
          const given = [];
          const { getUserMedia } = MediaDevices.prototype;
          MediaDevices.prototype.getUserMedia = async function (constraints) {
            const asked = [constraints.audio && 'audio', constraints.video && 'video'];
            if (window.refused === 'both' || asked.includes(window.refused))
              throw new DOMException({{JsonSerializer.Serialize(message)}}, {{JsonSerializer.Serialize(error)}});
            const stream = await getUserMedia.call(this, constraints);
            given.push(...stream.getTracks());
            return stream;
          };
          window.pullOut = (kind) => {
            window.refused = kind;
            for (const track of given.filter((track) => track.kind === kind && track.readyState === 'live')) {
              track.stop();
              track.dispatchEvent(new Event('ended'));
            }
          };
          window.hold = (held) => {
            for (const track of given.filter((track) => track.readyState === 'live')) {
              Object.defineProperty(track, 'muted', { value: held, configurable: true });
              track.dispatchEvent(new Event(held ? 'mute' : 'unmute'));
            }
          };
          window.plugIn = () => {
            window.refused = 'none';
            navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
          };
        }
        """;
}
