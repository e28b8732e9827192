using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>
/// Whatever befalls the network, a call comes back by itself: both sides say so meanwhile, and neither is hung up. How long it takes is
/// measured in <see cref="RecoveryMeasurements"/>.
/// </summary>
public sealed class RecoveryTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    private const int Restarts = 10;

    private Trouble Trouble => new(Lab, Stage);

    /// <inheritdoc />
    protected override bool NetworkFails => true;

    [Fact]
    public Task A_line_cut_for_a_second_and_mended() => ComesBackAfterAsync(() => Trouble.CutAsync(TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task A_line_cut_for_longer_is_shown_to_both_and_mended()
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        var began = DateTimeOffset.UtcNow;

        var whole = Trouble.CutAsync(TimeSpan.FromSeconds(5));
        await Task.WhenAll(left.Call.ReadsAsync("Reconnecting…"), right.Call.ReadsAsync("Reconnecting…"));
        Assert.Equal(("reconnecting", "reconnecting"), (await left.Call.StateAsync(), await right.Call.StateAsync()));
        // Or it would wait somewhere, and the other one would show and play all that follows as late.
        await Task.WhenAll(SendsNothingAsync(left), SendsNothingAsync(right));
        await whole;

        await AreBackAsync(left, right, began);
    }

    // After 27 s a Firefox gives its connection up, and a new one has to take its place.
    [Theory]
    [InlineData(8)]
    [InlineData(30)]
    public async Task A_line_cut_for_longer_and_mended_with_a_Firefox_at_its_end(int seconds)
    {
        await using var left = await Firefox.LaunchAsync("left-firefox", Stage.FirefoxIn(Lab.Left));
        var right = await CallFromAsync(left);

        var whole = Trouble.CutAsync(TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(left.ReachesAsync("reconnecting"), right.Call.ReachesAsync("reconnecting"));
        await whole;

        await Task.WhenAll(left.ReachesAsync("connected"), right.Call.ReachesAsync("connected"));
        await MediaProof.SeeAndHearEachOtherAsync(left, right);
    }

    [Fact]
    public Task The_own_cable_pulled_and_plugged_in_again() => ComesBackAfterAsync(() => Trouble.UnplugAsync(TimeSpan.FromSeconds(5)));

    [Fact]
    public Task A_change_of_network() => ComesBackAfterAsync(Trouble.MoveAsync);

    [Fact]
    public Task A_new_public_address() => ComesBackAfterAsync(Trouble.RenumberAsync);

    [Fact]
    public Task A_laptop_that_slept() => ComesBackAfterAsync(() => Trouble.SleepAsync(TimeSpan.FromSeconds(5)));

    [Fact]
    public async Task With_three_of_ten_packets_lost_the_call_goes_on_and_nothing_is_called_lost()
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        var began = DateTimeOffset.UtcNow;

        Lab.Left.Line.Conditions = new LineConditions { Loss = 0.3 };

        await Task.WhenAll(left.SeesMovingPictureAsync(50), right.SeesMovingPictureAsync(50), left.HearsSoundAsync(), right.HearsSoundAsync());
        await WasOnlyAsync(left, began, "connected");
        await WasOnlyAsync(right, began, "connected");
    }

    [Fact]
    public async Task A_server_that_is_killed_and_restarted_again_and_again_leaves_the_call_untouched_and_has_it_back_each_time()
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        var began = DateTimeOffset.UtcNow;

        for (var i = 0; i < Restarts; i++)
        {
            await Stage.Server.KillAsync();
            await Task.WhenAll(OfflineIsAsync(left, true), OfflineIsAsync(right, true));
            await Stage.StartServerAsync();
            await Task.WhenAll(OfflineIsAsync(left, false), OfflineIsAsync(right, false));
        }

        await AreBackAsync(left, right, began);
        await WasOnlyAsync(left, began, "connected");
        await WasOnlyAsync(right, began, "connected");

        // Both seats are theirs again: nobody else finds room, and a hang-up reaches the other.
        var third = await RightAsync();
        await third.Call.Join.ClickAsync();
        await third.Call.ReadsAsync("Two people are already here");
        await left.Call.HangUp.ClickAsync();
        await right.Call.ReachesAsync("ended");
    }

    // Frames come every 67 ms, sound every 20.
    private static Task<long> SendsNothingAsync(Person person) => Wait.UntilAsync(
        async () =>
        {
            var before = (await person.ReportAsync())!;
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
            var after = (await person.ReportAsync())!;
            return after.FramesSent - before.FramesSent + after.AudioPacketsSent - before.AudioPacketsSent;
        },
        sent => sent == 0,
        $"{person.Name} sending neither picture nor sound");

    private async Task ComesBackAfterAsync(Func<Task> trouble)
    {
        var (left, right) = await CallAsync(Arrivals.ProbeOptions);
        var began = DateTimeOffset.UtcNow;
        await trouble();
        await AreBackAsync(left, right, began);
    }

    private static async Task AreBackAsync(Person left, Person right, DateTimeOffset began)
    {
        await MediaProof.SeeAndHearEachOtherAsync(left, right);
        await ConnectAsync(left, right);
        await WasOnlyAsync(left, began, "connected", "reconnecting");
        await WasOnlyAsync(right, began, "connected", "reconnecting");
    }

    // Neither hung up nor back in the lobby, not for a moment.
    private static async Task WasOnlyAsync(Person person, DateTimeOffset since, params string[] states)
    {
        string[] all = ["lobby", "waiting", "connecting", "connected", "reconnecting", "ended", "error"];
        var seen = from text in (await Arrivals.OfAsync(person, since)).Events
                   let words = text.Split(' ')
                   where words.Length == 2 && all.Contains(words[1])
                   select words[1];
        Assert.Empty(seen.Except(states));
    }
}
