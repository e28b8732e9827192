using System.Text.Json;
using Microsoft.Playwright;

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
              const pixels = new Uint32Array(pen.getImageData(0, 0, 64, 36).data.buffer);
              return {
                width: video.videoWidth,
                height: video.videoHeight,
                colors: new Set(pixels).size,
                seconds: sound.duration,
                energy: sound.getChannelData(0).reduce((sum, sample) => sum + sample * sample, 0),
              };
            }
            """,
            Convert.ToBase64String(file));
}
