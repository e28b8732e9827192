using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests.Screens;

/// <summary>
/// Takes the pictures in docs/screens of a real call: <c>eng/screenshots.sh</c> runs it, an ordinary test run does not.
/// The cameras show drawn people (a Motion JPEG file each) in place of the browser's test picture.
/// </summary>
public sealed class ScreenTests(Stage stage) : CallTest(stage)
{
    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "screens")).FullName;

    public static TheoryData<string, ColorScheme> Looks => new()
    {
        { "desktop", ColorScheme.Light },
        { "desktop", ColorScheme.Dark },
        { "phone", ColorScheme.Light },
        { "phone", ColorScheme.Dark },
    };

    [Theory(Explicit = true)]
    [MemberData(nameof(Looks))]
    public async Task Take_pictures_of_every_screen(string device, ColorScheme scheme)
    {
        var look = device == "phone" ? PhoneTests.Phone : new BrowserNewContextOptions();
        look.ColorScheme = scheme;
        // In the pictures one pixel is one pixel; they are to be small.
        look.DeviceScaleFactor = 1;
        // What moves would be caught at another moment each time.
        look.ReducedMotion = ReducedMotion.Reduce;
        var anna = await ArriveAsync(CameraOf("anna"), "anna", look);
        var page = anna.Page;
        // Instead of the path of the file that plays the camera.
        await page.AddInitScriptAsync(
            "Object.defineProperty(MediaDeviceInfo.prototype, 'label', { get() { return this.kind === 'videoinput' ? 'Webcam' : 'Headset'; } });");
        async Task TakeAsync(string screen)
        {
            // Instead of the address that the server under test has for now.
            await page.EvaluateAsync("""
                () => {
                  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(location.host, 'parley.example');
                }
                """);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{screen}-{device}-{scheme.ToString().ToLowerInvariant()}.png") });
        }


        await page.GotoAsync(Address("/"));
        await page.GetByRole(AriaRole.Button, new() { Name = "New call" }).WaitForAsync();
        await TakeAsync("start");

        await anna.Call.OpenAsync(Stage.Server.Address, "our-kitchen-table");
        await anna.AskForDevicesAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('video')].some(video => video.videoWidth > 0)");
        await Assertions.Expect(page.GetByText(new Regex("hear you", RegexOptions.IgnoreCase))).ToBeVisibleAsync();
        await TakeAsync("lobby");

        await anna.Call.Join.ClickAsync();
        await anna.Call.ReachesAsync("waiting");
        await TakeAsync("waiting");

        var ben = await ArriveAsync(CameraOf("ben"), "ben");
        await ben.Call.EnterAsync(Stage.Server.Address, "our-kitchen-table");
        await anna.Call.ReachesAsync("connected");
        await anna.ReportWhenAsync(report => report is { FrameWidth: 640, FramesShown: > 30 }, "a sharp picture", TimeSpan.FromSeconds(40));
        await page.Mouse.MoveAsync(0, 0);
        await TakeAsync("call");

        await ben.Call.Chat.ClickAsync();
        await ben.Call.SayAsync("Can you see the drawing?");
        await anna.Call.Chat.ClickAsync();
        await anna.Call.ReadsAsync("Can you see the drawing?");
        await anna.Call.SayAsync("Yes! The second one is better: the door opens to the garden.");
        await ben.Call.ReadsAsync("The second one is better");
        await TakeAsync("chat");

        await anna.Call.HangUp.ClickAsync();
        await anna.Call.ReachesAsync("ended");
        await TakeAsync("ended");
    }

    private static ChromiumOptions CameraOf(string person) => new()
    {
        Switches = [$"--use-file-for-fake-video-capture={Path.Combine(Repository.Root, "tests", "Parley.Browser.Tests", "Screens", $"{person}.mjpeg")}"],
    };
}
