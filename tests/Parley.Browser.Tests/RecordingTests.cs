using System.Text.Json;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A recording of both sides, made on one side, known to both.</summary>
public sealed class RecordingTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task Both_are_told_of_a_recording_and_its_file_has_picture_and_sound()
    {
        var (alice, bob) = await InCallAsync();
        // Without the picker the file comes as a download, which a test can have.
        await alice.Page.EvaluateAsync("() => { window.showSaveFilePicker = undefined; }");

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Record the call" }).ClickAsync();
        await alice.Call.ReadsAsync("You are recording");
        await bob.Call.ReadsAsync("The other person is recording this call");
        await alice.Page.GetByRole(AriaRole.Status).GetByText("0:03").WaitForAsync();

        var download = await alice.Page.RunAndWaitForDownloadAsync(() => alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync());
        await Assertions.Expect(bob.Page.GetByText("is recording this call")).ToHaveCountAsync(0);
        Assert.Matches(@"^Parley .*\.(webm|mp4)$", download.SuggestedFilename);

        await using var viewer = await Stage.Browsers[1].Browser.NewContextAsync();
        var file = await ReadAsync(await viewer.NewPageAsync(), await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken));
        Assert.Equal((1280, 720), (file.GetProperty("width").GetInt32(), file.GetProperty("height").GetInt32()));
        Assert.True(file.GetProperty("colors").GetInt32() > 1, "The picture shows something.");
        Assert.InRange(file.GetProperty("seconds").GetDouble(), 2, 30);
        Assert.True(file.GetProperty("energy").GetDouble() > 0, "The sound is not silence.");
    }

    [Fact]
    public async Task The_recording_has_the_picture_and_the_voice_of_either_side()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.AddInitScriptAsync(Devices("#e02020", 500));
        var bob = await ArriveAsync("bob");
        await bob.Page.AddInitScriptAsync(Devices("#2020e0", 1700));
        foreach (var person in (Person[])[alice, bob])
        {
            await person.Call.EnterAsync(Stage.Server.Address, Room);
        }

        await Task.WhenAll(alice.SeesMovingPictureAsync(), alice.HearsSoundAsync());
        await alice.Page.EvaluateAsync("() => { window.showSaveFilePicker = undefined; }");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Record the call" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Status).GetByText("0:03").WaitForAsync();
        var download = await alice.Page.RunAndWaitForDownloadAsync(() => alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync());

        await using var viewer = await Stage.Browsers[1].Browser.NewContextAsync();
        var file = await ReadAsync(await viewer.NewPageAsync(), await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken));
        Assert.True(file.GetProperty("blue").GetInt32() > 500, $"Bob fills the picture: {file}");
        Assert.True(file.GetProperty("red").GetInt32() > 40, $"Alice is in a corner of it: {file}");
        Assert.True(file.GetProperty("low").GetDouble() > 0.01, $"Alice is heard: {file}");
        Assert.True(file.GetProperty("high").GetDouble() > 0.01, $"Bob is heard: {file}");
        Assert.True(file.GetProperty("other").GetDouble() < 0.005, $"A pitch that nobody made is not there: {file}");
    }

    /// <summary>A camera that shows one color and a microphone that hears one tone.</summary>
    private static string Devices(string color, int pitch) => $$"""
        MediaDevices.prototype.getUserMedia = async function (constraints) {
          const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
          const pen = canvas.getContext('2d');
          let frame = 0;
          setInterval(() => {
            pen.fillStyle = '{{color}}';
            pen.fillRect(0, 0, 640, 480);
            pen.fillStyle = '#000';
            pen.fillRect(frame++ % 600, 0, 20, 20);
          }, 50);
          const context = new AudioContext();
          const out = context.createMediaStreamDestination();
          const tone = new OscillatorNode(context, { frequency: {{pitch}} });
          tone.connect(new GainNode(context, { gain: 0.4 })).connect(out);
          tone.start();
          addEventListener('click', () => context.resume());
          return new MediaStream([...(constraints.audio ? out.stream.getTracks() : []), ...(constraints.video ? canvas.captureStream(20).getTracks() : [])]);
        };
        """;

    /// <summary>Plays the file where a browser can.</summary>
    private static Task<JsonElement> ReadAsync(IPage page, byte[] file) =>
        page.EvaluateAsync<JsonElement>(
            """
            async base64 => {
              const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
              const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes.slice().buffer);
              const video = document.createElement('video');
              video.muted = true;
              video.src = URL.createObjectURL(new Blob([bytes]));
              await video.play();
              await new Promise(done => video.requestVideoFrameCallback(() => video.requestVideoFrameCallback(done)));
              const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
              const pen = canvas.getContext('2d');
              pen.drawImage(video, 0, 0, 64, 36);
              // How strong a pitch is in the second half of the sound, when everybody has long been there.
              const samples = sound.getChannelData(0).slice(sound.length / 2);
              const strength = pitch => {
                let [re, im] = [0, 0];
                samples.forEach((sample, i) => {
                  re += sample * Math.cos(2 * Math.PI * pitch * i / 48000);
                  im += sample * Math.sin(2 * Math.PI * pitch * i / 48000);
                });
                return 2 * Math.hypot(re, im) / samples.length;
              };
              const colors = pen.getImageData(0, 0, 64, 36).data;
              const count = (strong, weak) => colors.filter((value, i) => i % 4 === strong && value > 150 && colors[i - strong + weak] < 100).length;
              const pixels = new Uint32Array(pen.getImageData(0, 0, 64, 36).data.buffer);
              return {
                width: video.videoWidth,
                height: video.videoHeight,
                colors: new Set(pixels).size,
                seconds: sound.duration,
                red: count(0, 2),
                blue: count(2, 0),
                low: strength(500),
                high: strength(1700),
                other: strength(1100),
                energy: sound.getChannelData(0).reduce((sum, sample) => sum + sample * sample, 0),
              };
            }
            """,
            Convert.ToBase64String(file));
}
