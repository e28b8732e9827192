using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Chromium and Firefox in one call.</summary>
public sealed class FirefoxTests(Stage stage) : CallTest(stage)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chromium_and_Firefox_are_in_a_call_whoever_came_first(bool firefoxFirst)
    {
        await using var fiona = await Firefox.LaunchAsync("fiona");
        await fiona.GotoAsync(Address($"/r/{Room}"));
        var carl = await InLobbyAsync("carl");
        if (firefoxFirst)
        {
            await fiona.ClickAsync("Join");
            await fiona.ReachesAsync("waiting");
            await carl.Call.Join.ClickAsync();
        }
        else
        {
            await carl.Call.Join.ClickAsync();
            await carl.Call.ReachesAsync("waiting");
            await fiona.ClickAsync("Join");
        }

        await Task.WhenAll(fiona.ReachesAsync("connected"), carl.Call.ReachesAsync("connected"));
        await Task.WhenAll(fiona.SeesMovingPictureAsync(), carl.SeesMovingPictureAsync(), fiona.HearsSoundAsync(), carl.HearsSoundAsync());

        await fiona.ClickAsync("Mute microphone");
        await carl.Call.ReadsAsync("Microphone off");
        await carl.HearsSilenceAsync();
        await carl.Call.CameraOff.ClickAsync();
        await fiona.ReadsAsync("Their camera is off");

        await fiona.ClickAsync("Chat");
        await fiona.WriteAsync("Message", "Grüße aus Firefox");
        await fiona.ClickAsync("Send");
        await carl.Call.Chat.ClickAsync();
        await carl.Call.ReadsAsync("Grüße aus Firefox");
        await carl.Call.SayAsync("Und aus Chromium");
        await fiona.ReadsAsync("Und aus Chromium");

        await fiona.ClickAsync("Hang up");
        await Task.WhenAll(fiona.ReachesAsync("ended"), carl.Call.ReachesAsync("ended"));
        await fiona.ReadsAsync("You ended the call");
    }
}
