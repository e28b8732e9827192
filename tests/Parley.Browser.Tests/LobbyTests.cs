using System.Globalization;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>What can be tried and chosen before the call.</summary>
public sealed class LobbyTests(Stage stage) : CallTest(stage)
{
    /// <summary>Counts the questions for camera and microphone, and listens to every sound that the page plays by itself.</summary>
    private const string Witness = """
        window.questions = [];
        const { getUserMedia } = MediaDevices.prototype;
        MediaDevices.prototype.getUserMedia = function (constraints) {
          window.questions.push(constraints);
          return getUserMedia.call(this, constraints);
        };
        window.loudest = 0;
        const { play } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.play = function () {
          if (this.srcObject?.getAudioTracks().length && !this.muted) {
            const context = new AudioContext();
            const ear = context.createAnalyser();
            context.createMediaStreamSource(this.srcObject).connect(ear);
            const samples = new Float32Array(ear.fftSize);
            setInterval(() => {
              ear.getFloatTimeDomainData(samples);
              window.loudest = Math.max(window.loudest, ...samples);
              window.heardFrom = this.sinkId;
            }, 20);
          }
          return play.call(this);
        };
        """;

    /// <summary>Somebody who takes their time with the browser's question. A browser without a window may answer it in their place.</summary>
    private const string Undecided = """
        window.questions = [];
        MediaDevices.prototype.getUserMedia = (constraints) => {
          window.questions.push(constraints);
          return new Promise(() => {});
        };
        """;

    [Fact]
    public async Task Nothing_is_asked_before_the_person_has_read_why_and_then_all_at_once()
    {
        var alice = await ArriveAsync(new ChromiumOptions { GrantDevices = false }, "alice");
        await alice.Page.AddInitScriptAsync(Undecided);
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.Call.ReadsAsync("Your browser will ask whether this page may use your camera and microphone.");
        Assert.Equal(0, await alice.Page.EvaluateAsync<int>("() => window.questions.length"));

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Use camera and microphone" }).ClickAsync();
        await alice.Call.ReadsAsync("Answer your browser’s question to go on");
        Assert.True(await alice.Page.EvaluateAsync<bool>("() => window.questions.length === 1 && Boolean(window.questions[0].audio && window.questions[0].video)"));
    }

    /// <summary>Writes down where the button is with each frame from the first on.</summary>
    private const string Surveyor = """
        window.places = new Set();
        const survey = () => {
          const button = document.querySelector('.join');
          if (button) {
            const { left, top, width, height } = button.getBoundingClientRect();
            window.places.add([left, top, width, height].map(Math.round).join());
          }
          requestAnimationFrame(survey);
        };
        requestAnimationFrame(survey);
        """;

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(1024, 1100)]
    [InlineData(390, 844)]
    [InlineData(320, 568)]
    [InlineData(844, 390)]
    public async Task Join_stays_where_it_is_while_devices_the_other_one_and_the_forecast_come(int width, int height)
    {
        await InLobbyAsync("alice");
        var bob = await ArriveAsync("bob", new() { ViewportSize = new() { Width = width, Height = height } });
        await bob.Page.AddInitScriptAsync(Surveyor);
        await bob.Call.OpenAsync(Server, Room);
        await bob.AskForDevicesAsync();
        await bob.Call.ReadsAsync("We hear you");
        await bob.Call.ReadsAsync("Somebody else has opened this link.");
        await bob.Page.Locator(".forecast strong").WaitForAsync();

        Assert.Single(await bob.Page.EvaluateAsync<string[]>("() => [...window.places]"));
    }

    [Fact]
    public async Task A_camera_that_hangs_keeps_nobody_out_of_the_call()
    {
        var alice = await InLobbyAsync("alice");
        await alice.Call.Join.ClickAsync();
        var bob = await ArriveAsync("bob");
        await bob.Page.AddInitScriptAsync(Undecided);
        await bob.Call.EnterAsync(Server, Room);

        await ConnectAsync(alice, bob);
        await bob.SeesMovingPictureAsync();
    }

    [Fact]
    public async Task The_mirror_mirrors_and_the_ring_around_the_microphone_shows_its_level()
    {
        var alice = await InLobbyAsync("alice");
        await alice.AskForDevicesAsync();
        var mirror = alice.Page.GetByLabel("Your picture, as in a mirror");
        await Assertions.Expect(mirror).ToBeVisibleAsync();
        Assert.StartsWith("matrix(-1,", await mirror.EvaluateAsync<string>("video => getComputedStyle(video).transform"), StringComparison.Ordinal);

        await alice.Call.ReadsAsync("We hear you");
        double loudest = 0;
        var quietest = double.MaxValue;
        await Wait.UntilAsync(
            async () =>
            {
                var spread = await alice.Page.Locator("level-ring").EvaluateAsync<string>("ring => getComputedStyle(ring).boxShadow.match(/0px 0px 0px ([\\d.]+)px/)[1]");
                var now = double.Parse(spread, CultureInfo.InvariantCulture);
                (loudest, quietest) = (Math.Max(loudest, now), Math.Min(quietest, now));
                return loudest > 2 && loudest > quietest + 1;
            },
            moved => moved,
            "the ring grows and shrinks with the beeps");

        await alice.Call.Mute.ClickAsync();
        await alice.Call.ReadsAsync("Your microphone is off");
        await Assertions.Expect(alice.Page.Locator("level-ring")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_test_sound_and_the_other_person_are_heard_from_the_speaker_that_was_chosen()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Witness);
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.AskForDevicesAsync();
        var speakers = alice.Page.GetByLabel("Speaker");
        var second = (await speakers.Locator("option").Nth(1).GetAttributeAsync("value"))!;
        await speakers.SelectOptionAsync(second);

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Play a test sound" }).ClickAsync();
        await alice.Call.ReadsAsync("You should hear three notes");
        await Wait.UntilAsync(() => alice.Page.EvaluateAsync<double>("() => window.loudest"), loudest => loudest > 0.1, "the notes sound");
        Assert.Equal(second, await alice.Page.EvaluateAsync<string>("() => window.heardFrom"));

        await alice.Call.Join.ClickAsync();
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        await alice.HearsSoundAsync();
        await Wait.UntilAsync(() => alice.Page.EvaluateAsync<string>("() => document.querySelector('audio').sinkId"), sink => sink == second, "the other person's sound");
    }

    [Fact]
    public async Task A_remembered_camera_that_is_gone_is_replaced_without_a_word_of_trouble()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("localStorage.setItem('parley.choices', JSON.stringify({ cameraId: 'gone', microphoneId: 'gone' }))");
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.AskForDevicesAsync();
        await Assertions.Expect(alice.Page.GetByLabel("Your picture, as in a mirror")).ToBeVisibleAsync();
        await alice.Call.ReadsAsync("We hear you");
        await Assertions.Expect(alice.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_browser_without_WebRTC_is_told_so_and_gives_the_link_away()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync("delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;");
        await alice.Page.GotoAsync(Address($"/r/{Room}"));
        await alice.Page.GetByRole(AriaRole.Heading, new() { Name = "This browser cannot make calls" }).WaitForAsync();
        await Assertions.Expect(alice.Page.GetByRole(AriaRole.Button, new() { Name = "Copy link" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Whoever_joins_before_the_call_itself_is_loaded_is_in_it_when_it_comes()
    {
        var alice = await ArriveAsync("alice");
        var asked = new TaskCompletionSource<IRoute>();
        await alice.Page.RouteAsync("**/assets/stage-*.js", asked.SetResult);
        await alice.Call.EnterAsync(Stage.Server.Address, Room);
        await alice.Call.ReachesAsync("waiting");
        await (await asked.Task).ContinueAsync();

        await alice.Call.ReadsAsync("You are the first one here");
        await alice.Call.HangUp.ClickAsync();
        await alice.Call.ReachesAsync("ended");
    }
}
