using Microsoft.Playwright;
using Parley.Browser.Tests.Screens;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>After a call the page says how it went, and has a report to copy where it did not go well.</summary>
public sealed class EndTests(Stage stage) : CallTest(stage)
{
    private const string Copy = "Copy details for whoever runs this server";

    [Fact]
    public async Task After_a_good_call_it_is_said_how_long_it_was_and_which_way_it_went_and_no_more()
    {
        var (alice, bob) = await InCallAsync();
        await GoDirectlyAsync(alice);
        await alice.Call.HangUp.ClickAsync();

        foreach (var person in (Person[])[alice, bob])
        {
            await person.Call.ReachesAsync("ended");
            await person.Call.ReadsAsync("You talked for");
            await person.Call.ReadsAsync("Picture and sound went ");
            await Assertions.Expect(person.Page.GetByRole(AriaRole.Button, new() { Name = Copy })).ToHaveCountAsync(0);
        }

        await alice.Call.ReadsAsync("straight from browser to browser");
    }

    [Fact]
    public async Task Where_no_way_was_found_there_is_a_report_to_copy_and_it_has_no_address_and_no_room()
    {
        await using var server = await ServerProcess.StartAsync("--Parley:Turn:Enabled=false");
        await using var alice = await Person.ArriveAsync(Stage.Browsers[0], "alice", new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await using var bob = await Person.ArriveAsync(Stage.Browsers[1], "bob");
        // Without a relay there is no way between two who take no other.
        await alice.Page.AddInitScriptAsync("""
            const Real = RTCPeerConnection;
            window.RTCPeerConnection = class extends Real {
              constructor(configuration) { super({ ...configuration, iceTransportPolicy: 'relay' }); }
              setConfiguration(configuration) { super.setConfiguration({ ...configuration, iceTransportPolicy: 'relay' }); }
              addIceCandidate() { return Promise.resolve(); }
            };
            """);
        await alice.Call.EnterAsync(server.Address, Room);
        await bob.Call.EnterAsync(server.Address, Room);
        // A way is looked for for half a minute.
        await alice.Page.GetByRole(AriaRole.Heading, new() { Name = "The two of you could not be connected" }).WaitForAsync(new() { Timeout = 90_000 });

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = Copy }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Copied" }).WaitForAsync();

        var report = await alice.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Contains("outcome: connection-failed, no-relay", report, StringComparison.Ordinal);
        Assert.Contains("ways: none", report, StringComparison.Ordinal);
        Assert.Contains("browser: Mozilla/5.0", report, StringComparison.Ordinal);
        Assert.DoesNotContain(Room, report, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d+\.\d+\.\d+\.\d+|::|\.local\b", report.Split("browser:")[0]);
        await alice.Call.ReadsAsync(report.Split('\n')[0]);
    }

    [Fact]
    public async Task After_a_call_with_trouble_it_is_said_what_the_trouble_was()
    {
        await using var context = await Stage.Browsers[0].Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await Gallery.OpenAsync(page);
        await Gallery.ShowAsync(page, "ended-weak");
        await Assertions.Expect(page.GetByText("The connection was lost 2 times. For a while it was weak.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = Copy })).ToBeVisibleAsync();
    }
}
