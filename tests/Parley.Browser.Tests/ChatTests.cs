using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>The chat as two people see it.</summary>
public sealed class ChatTests(Stage stage) : CallTest(stage)
{
    [Fact]
    public async Task What_was_not_read_yet_is_counted()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await alice.Call.SayAsync("one");
        await alice.Call.SayAsync("two");
        await Assertions.Expect(bob.Call.Chat).ToHaveAttributeAsync("aria-description", "2 new messages");

        await bob.Call.Chat.ClickAsync();
        await Assertions.Expect(bob.Call.Chat).Not.ToHaveAttributeAsync("aria-description", "2 new messages");
    }

    [Fact]
    public async Task Lines_and_emoji_stay_whole_links_are_safe_and_nothing_else_is_more_than_text()
    {
        const string family = "👩‍👩‍👧‍👦 🏳️‍🌈";
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();

        var text = $"first {family}\nsee https://example.org/?a=1&b=2. javascript:alert(1)\n<img src=x onerror=alert(1)>";
        await alice.Call.SayAsync(text);

        var message = bob.Page.Locator(".message.peer p");
        await Assertions.Expect(message).ToHaveCountAsync(1);
        Assert.Equal(text, await message.TextContentAsync());
        Assert.Equal(3, (await message.InnerTextAsync()).Split('\n').Length);
        var link = message.Locator("a");
        await Assertions.Expect(link).ToHaveCountAsync(1);
        Assert.Equal("https://example.org/?a=1&b=2", await link.GetAttributeAsync("href"));
        Assert.Equal("noopener noreferrer", await link.GetAttributeAsync("rel"));
        Assert.Equal(0, await message.Locator("img").CountAsync());
    }

    [Fact]
    public async Task Whoever_reads_further_up_stays_there_until_they_write_and_at_the_end_the_chat_follows()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();
        for (var i = 0; i < 20; i++)
        {
            await alice.Call.SayAsync($"line {i} of a talk");
        }

        await Assertions.Expect(bob.Page.GetByText("line 19 of a talk")).ToBeInViewportAsync();
        await bob.Call.Messages.EvaluateAsync("list => { list.scrollTop = 0; }");
        await alice.Call.SayAsync("one more");
        await bob.Call.Messages.GetByText("one more").WaitForAsync();
        await Assertions.Expect(bob.Page.GetByText("line 0 of a talk")).ToBeInViewportAsync();
        await Assertions.Expect(bob.Call.Messages.GetByText("one more")).Not.ToBeInViewportAsync();

        await bob.Call.SayAsync("I see");
        await Assertions.Expect(bob.Call.Messages.GetByText("I see")).ToBeInViewportAsync();
        await alice.Page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).PressSequentiallyAsync("and");
        await Assertions.Expect(bob.Page.GetByText("is writing…")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task The_other_side_sees_that_somebody_writes_until_the_message_comes_or_the_writing_stops()
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();
        await alice.Call.SayAsync(string.Join('\n', Enumerable.Repeat("a long history", 100)));
        await bob.Call.ReadsAsync("a long history");
        var mark = bob.Page.GetByText("is writing…");
        var field = alice.Page.GetByRole(AriaRole.Textbox, new() { Name = "Message" });

        await field.PressSequentiallyAsync("hello");
        await Assertions.Expect(mark).ToBeInViewportAsync(new() { Ratio = 0.9f });
        await field.PressAsync("Enter");
        await bob.Call.ReadsAsync("hello");
        await Assertions.Expect(mark).ToBeHiddenAsync();

        await field.FillAsync("and");
        await Assertions.Expect(mark).ToBeInViewportAsync(new() { Ratio = 0.9f });
        await Assertions.Expect(mark).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reload_of_either_side_loses_nothing_and_doubles_nothing(bool senderReloads)
    {
        var (alice, bob) = await InCallAsync();
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();
        await alice.Call.SayAsync("before");
        await bob.Call.ReadsAsync("before");
        await Assertions.Expect(alice.Page.GetByTitle("delivered")).ToHaveCountAsync(1);

        var (reloads, stays) = senderReloads ? (alice, bob) : (bob, alice);
        await reloads.Page.ReloadAsync();
        await reloads.Call.ReachesAsync("connected");
        await stays.Call.ReachesAsync("connected");
        await reloads.Call.Chat.ClickAsync();
        await alice.Call.SayAsync("after");

        foreach (var person in (Person[])[alice, bob])
        {
            await Assertions.Expect(person.Page.Locator(".message p")).ToHaveTextAsync(["before", "after"]);
        }

        await Assertions.Expect(alice.Page.GetByTitle("delivered")).ToHaveCountAsync(2);
    }
}
