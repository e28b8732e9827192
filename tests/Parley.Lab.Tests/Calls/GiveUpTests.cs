using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>A call that could not be had back for minutes is given up, and one button tries again.</summary>
public sealed class GiveUpTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    /// <inheritdoc />
    protected override bool NetworkFails => true;

    [Fact]
    public async Task After_three_minutes_there_is_one_button_and_pressed_at_one_side_it_brings_both_back()
    {
        var (left, right) = await CallAsync(prepare: person => person.Page.Clock.InstallAsync());
        Person[] both = [left, right];
        Lab.Left.Line.Cut();
        await Task.WhenAll(both.Select(person => person.Call.ReadsAsync("Reconnecting…")));

        await Task.WhenAll(both.Select(person => person.Page.Clock.FastForwardAsync(170_000)));
        await Task.WhenAll(both.Select(person => person.Call.ReadsAsync("Reconnecting…")));
        await Task.WhenAll(both.Select(person => person.Page.Clock.FastForwardAsync(15_000)));
        await Task.WhenAll(both.Select(person => person.Call.ReachesAsync("error")));
        await Task.WhenAll(both.Select(person => TryAgain(person).WaitForAsync()));

        await TryAgain(left).ClickAsync();
        Lab.Left.Line.Mend();

        await Task.WhenAll(both.Select(person => person.Call.ReachesAsync("connected")));
        await Task.WhenAll(both.Select(person => person.SeesMovingPictureAsync()));
        await Task.WhenAll(both.Select(person => person.HearsSoundAsync()));
    }

    private static ILocator TryAgain(Person person) => person.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" });
}
