using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Parley.Browser.Tests;

public sealed partial class StartPageTests(Stage stage) : BrowserTest(stage)
{
    [Fact]
    public async Task New_call_makes_another_link_each_time_and_none_that_can_be_guessed()
    {
        var alice = await ArriveAsync("alice");
        var rooms = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            await alice.Page.GotoAsync(Address("/"));
            await alice.Page.GetByRole(AriaRole.Button, new() { Name = "New call" }).ClickAsync();
            await alice.Call.Join.WaitForAsync();
            var room = new Uri(alice.Page.Url).AbsolutePath;
            Assert.Matches(RoomPath(), room);
            Assert.True(rooms.Add(room));
        }
    }

    [Fact]
    public async Task A_typed_name_opens_the_room_of_that_name()
    {
        var alice = await ArriveAsync("alice");
        await alice.Page.GotoAsync(Address("/"));
        var field = alice.Page.GetByRole(AriaRole.Textbox);
        await field.FillAsync("our-kitchen");
        await field.PressAsync("Enter");

        await alice.Call.Join.WaitForAsync();
        Assert.Equal(Address("/r/our-kitchen"), alice.Page.Url);
        Assert.Equal("lobby", await alice.Call.StateAsync());
    }

    // At five bits a character 80 bits need 16.
    [GeneratedRegex("^/r/(?:-?[0-9a-z]){16,}$")]
    private static partial Regex RoomPath();
}
