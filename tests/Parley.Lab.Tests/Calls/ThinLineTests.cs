using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>On a line too thin for pictures a call goes on as a talk, says so, and shows pictures again when it can.</summary>
public sealed class ThinLineTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    private const string TheirsPaused = "Picture paused: the connection is weak";
    private const string OwnPaused = "Your picture is paused: the connection is weak. You still hear each other.";

    // A thin line is noticed within seconds; a wide one again only by trying, which waits for a minute at most.
    private static readonly TimeSpan Adapting = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task On_a_line_of_64_kbit_per_second_pictures_pause_both_read_it_the_sound_goes_on_and_pictures_come_back_by_themselves()
    {
        var (left, right) = await CallAsync();

        Lab.Left.Line.Conditions = new LineConditions { BitsPerSecond = 64_000 };
        await Task.WhenAll(ReadsPausedAsync(left, true), ReadsPausedAsync(right, true));
        await Task.WhenAll(left.HearsSoundAsync(), right.HearsSoundAsync());
        Assert.Equal(("connected", "connected"), (await left.Call.StateAsync(), await right.Call.StateAsync()));

        Lab.Left.Line.Conditions = LineConditions.Perfect;
        await Task.WhenAll(ReadsPausedAsync(left, false), ReadsPausedAsync(right, false));
        await MediaProof.SeeAndHearEachOtherAsync(left, right);
    }

    private static async Task ReadsPausedAsync(Person person, bool paused) => await Wait.UntilAsync(
        async () => (Theirs: await SeesAsync(person, TheirsPaused), Own: await SeesAsync(person, OwnPaused)),
        seen => seen == (paused, paused),
        $"{person.Name}: both pictures paused: {paused}",
        Adapting);

    private static Task<bool> SeesAsync(Person person, string text) => person.Page.GetByText(text, new() { Exact = true }).First.IsVisibleAsync();
}
