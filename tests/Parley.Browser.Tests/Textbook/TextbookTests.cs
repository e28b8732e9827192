using Parley.Testing;
using Parley.Testing.Textbook;

namespace Parley.Browser.Tests.Textbook;

/// <summary>Code written after the textbooks runs against this server unchanged, with itself and with Parley's own page.</summary>
public sealed class TextbookTests(Stage stage) : BrowserTest(stage)
{
    private readonly string _room = $"textbook-{Guid.NewGuid():N}";

    [Fact]
    public async Task Two_textbook_clients_make_a_call_through_the_server()
    {
        var (alice, bob) = (await ArriveAsync("alice"), await ArriveAsync("bob"));
        var aliceClient = await OpenAsync(alice);
        await OpenAsync(bob);

        await aliceClient.CallAsync();

        await MediaProof.SeeAndHearEachOtherAsync(alice, bob);
        AssertPollingCameFirst(alice);
        AssertPollingCameFirst(bob);
    }

    [Fact]
    public async Task The_third_textbook_client_is_refused_before_the_two_hear_of_it()
    {
        var (alice, bob, carol) = (await ArriveAsync("alice"), await ArriveAsync("bob"), await ArriveAsync("carol"));
        var aliceClient = await OpenAsync(alice);
        await aliceClient.ListenAsync();
        var bobClient = await OpenAsync(bob);
        await Wait.UntilAsync(aliceClient.EventsAsync, events => events.Length > 0, "alice hears of bob");
        await aliceClient.ListenAsync();
        await bobClient.ListenAsync();

        // The page joins at once, and its socket connects later: the answer cannot come before somebody listens.
        await carol.Page.AddInitScriptAsync("addEventListener('DOMContentLoaded', () => { window.events = []; socket.onAny((...event) => window.events.push(event)); });");
        var carolClient = await OpenAsync(carol);
        var refusal = await Wait.UntilAsync(carolClient.EventsAsync, events => events.Length > 0, "carol is refused");
        Assert.Contains("room-error", Assert.Single(refusal), StringComparison.Ordinal);
        Assert.Contains("ROOM_FULL", refusal[0], StringComparison.Ordinal);

        // What a server sent to the two because of her would have come before these.
        await aliceClient.SendAsync("to bob");
        await bobClient.SendAsync("to alice");
        var heardByBob = await Wait.UntilAsync(bobClient.EventsAsync, events => events.Length > 0, "bob hears alice");
        var heardByAlice = await Wait.UntilAsync(aliceClient.EventsAsync, events => events.Length > 0, "alice hears bob");
        Assert.Contains("to bob", Assert.Single(heardByBob), StringComparison.Ordinal);
        Assert.Contains("to alice", Assert.Single(heardByAlice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_textbook_client_that_waits_is_called_by_somebody_on_Parleys_page()
    {
        var (theo, pia) = (await ArriveAsync("theo"), await ArriveAsync("pia"));
        await OpenAsync(theo);

        await pia.Call.EnterAsync(Stage.Server.Address, _room);

        await AreInCallAsync(theo, pia);
    }

    [Fact]
    public async Task A_textbook_client_that_called_into_the_empty_room_is_answered_by_who_comes_on_Parleys_page()
    {
        var (theo, pia) = (await ArriveAsync("theo"), await ArriveAsync("pia"));
        var textbook = await OpenAsync(theo);
        await textbook.CallAsync();

        await pia.Call.EnterAsync(Stage.Server.Address, _room);

        await AreInCallAsync(theo, pia);
    }

    [Fact]
    public async Task Somebody_who_waits_on_Parleys_page_calls_the_textbook_client_that_comes()
    {
        var (theo, pia) = (await ArriveAsync("theo"), await ArriveAsync("pia"));
        await pia.Call.EnterAsync(Stage.Server.Address, _room);
        await pia.Call.ReachesAsync("waiting");

        await OpenAsync(theo);

        await AreInCallAsync(theo, pia);
    }

    [Fact]
    public async Task When_a_textbook_client_hangs_up_Parleys_page_says_that_the_call_is_over()
    {
        var (theo, pia) = (await ArriveAsync("theo"), await ArriveAsync("pia"));
        var textbook = await OpenAsync(theo);
        await textbook.CallAsync();
        await pia.Call.EnterAsync(Stage.Server.Address, _room);
        await AreInCallAsync(theo, pia);

        await textbook.HangUpAsync();

        await pia.Call.ReachesAsync("ended");
    }

    private static async Task AreInCallAsync(Person theo, Person pia)
    {
        await pia.Call.ReachesAsync("connected");
        await MediaProof.SeeAndHearEachOtherAsync(theo, pia);
    }

    private Task<TextbookClient> OpenAsync(Person person) => TextbookClient.OpenAsync(person, Stage.Server.Address, _room);

    private static void AssertPollingCameFirst(Person person)
    {
        var transports = person.Requests.Where(request => request.AbsolutePath.StartsWith("/socket.io/", StringComparison.Ordinal) && request.Query.Contains("EIO=4", StringComparison.Ordinal)).ToList();
        Assert.Contains("transport=polling", transports[0].Query, StringComparison.Ordinal);
        Assert.Contains(transports, request => request.Scheme == "ws" && request.Query.Contains("transport=websocket", StringComparison.Ordinal));
    }
}
