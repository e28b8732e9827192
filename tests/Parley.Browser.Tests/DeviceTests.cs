using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A refused or missing camera is said, in words, and never keeps anybody out of a call.</summary>
public sealed class DeviceTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task Whoever_refuses_camera_and_microphone_is_told_what_to_do_and_can_still_join()
    {
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        var alice = await ArriveAsync(new ChromiumOptions { GrantDevices = false }, "alice");
        await alice.RefuseAsync(Stage.Server.Address, "camera", "microphone");
        await alice.Call.OpenAsync(Stage.Server.Address, Room);

        await alice.AskForDevicesAsync();
        await alice.Call.ReadsAsync("Camera and microphone are blocked for this page");

        await alice.Call.Join.ClickAsync();
        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), alice.HearsSoundAsync());
    }

    [Fact]
    public async Task Without_any_camera_and_microphone_one_still_sees_hears_and_writes()
    {
        var bob = await InLobbyAsync("bob");
        await bob.Call.Join.ClickAsync();
        var alice = await ArriveAsync(new ChromiumOptions { FakeDevices = false }, "alice");
        await alice.Call.OpenAsync(Stage.Server.Address, Room);
        await alice.AskForDevicesAsync();
        await alice.Call.ReadsAsync("No camera and no microphone found");

        await alice.Call.Join.ClickAsync();

        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.SeesMovingPictureAsync(), alice.HearsSoundAsync());
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();
        await alice.Call.SayAsync("I only write");
        await bob.Call.ReadsAsync("I only write");
        await bob.Call.SayAsync("I see that");
        await alice.Call.ReadsAsync("I see that");
    }
}
