using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Chromium and Firefox in one call.</summary>
public sealed class FirefoxTests(Stage stage) : CallTest(stage)
{
    /// <summary>Of the next COUNT generations of candidates none is added: ICE finds nothing.</summary>
    private const string FindNothing = """
        (() => {
          const { addIceCandidate } = RTCPeerConnection.prototype;
          const generations = [];
          RTCPeerConnection.prototype.addIceCandidate = function (candidate) {
            const { usernameFragment } = candidate;
            if (!generations.includes(usernameFragment)) generations.push(usernameFragment);
            return generations.indexOf(usernameFragment) < COUNT ? Promise.resolve() : addIceCandidate.call(this, candidate);
          };
        })()
        """;

    private const string HoldBeats = """
        (() => {
          const { send } = RTCDataChannel.prototype;
          RTCDataChannel.prototype.send = function (data) { if (this.label !== 'heartbeat') send.call(this, data); };
          window.beatAgain = () => { RTCDataChannel.prototype.send = send; };
        })()
        """;

    /// <summary>A sign of life within the next 200 ms says that the path is alive, and then ICE does not restart: so it is told until a restart has cost the call its path.</summary>
    private const string LosePath = """
        async () => {
          const root = document.documentElement;
          let lost = false;
          new MutationObserver(() => { lost ||= root.dataset.callState !== 'connected'; }).observe(root, { attributeFilter: ['data-call-state'] });
          while (!lost) {
            dispatchEvent(new Event('online'));
            await new Promise(done => setTimeout(done, 210 + Math.random() * 100));
          }
        }
        """;

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
            await AreConnectedAsync(fiona, carl);
        }
        else
        {
            await ConnectAsync(fiona, carl);
        }

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

    [Fact]
    public async Task A_first_connection_that_fails_in_a_Firefox_is_followed_by_one_that_carries_media_both_ways()
    {
        await using var fiona = await Firefox.LaunchAsync("fiona");
        await fiona.GotoAsync(Address($"/r/{Room}"));
        var carl = await InLobbyAsync("carl");
        await FindNothingAsync(fiona, carl, generations: 1);

        await ConnectAsync(fiona, carl);
    }

    [Fact]
    public async Task A_call_with_a_Firefox_outlives_restarts_of_ICE_that_find_nothing()
    {
        await using var fiona = await Firefox.LaunchAsync("fiona");
        await fiona.GotoAsync(Address($"/r/{Room}"));
        var carl = await InLobbyAsync("carl");
        await ConnectAsync(fiona, carl);
        await Wait.UntilAsync(fiona.PathAsync, path => path == "direct", "the path is settled");
        await FindNothingAsync(fiona, carl, generations: 2);

        await fiona.EvaluateAsync(HoldBeats);
        await carl.Page.EvaluateAsync(LosePath);
        await fiona.EvaluateAsync("beatAgain()");

        await AreConnectedAsync(fiona, carl);
    }

    [Fact]
    public async Task A_Firefox_whose_network_changed_while_it_waited_is_in_the_call()
    {
        await using var fiona = await Firefox.LaunchAsync("fiona");
        await fiona.GotoAsync(Address($"/r/{Room}"));
        await fiona.ClickAsync("Join");
        await fiona.ReachesAsync("waiting");
        await fiona.EvaluateAsync("""
            (() => {
              const { setLocalDescription } = RTCPeerConnection.prototype;
              window.described = [];
              RTCPeerConnection.prototype.setLocalDescription = async function (description) {
                await setLocalDescription.call(this, description);
                described.push(description.type);
              };
              dispatchEvent(new Event('online'));
            })()
            """);
        await Wait.UntilAsync(
            async () => (await fiona.EvaluateAsync("described.join()")).GetString(),
            described => described == "offer",
            "another offer in place of the one that waits");

        var carl = await InLobbyAsync("carl");
        await carl.Call.Join.ClickAsync();

        await AreConnectedAsync(fiona, carl);
    }

    private static async Task FindNothingAsync(Firefox fiona, Person carl, int generations)
    {
        var script = FindNothing.Replace("COUNT", $"{generations}", StringComparison.Ordinal);
        await fiona.EvaluateAsync(script);
        await carl.Page.EvaluateAsync(script);
    }

    private static async Task ConnectAsync(Firefox fiona, Person carl)
    {
        await carl.Call.Join.ClickAsync();
        await carl.Call.ReachesAsync("waiting");
        await fiona.ClickAsync("Join");
        await AreConnectedAsync(fiona, carl);
    }

    private static async Task AreConnectedAsync(Firefox fiona, Person carl)
    {
        await Task.WhenAll(fiona.ReachesAsync("connected"), carl.Call.ReachesAsync("connected"));
        await MediaProof.SeeAndHearEachOtherAsync(fiona, carl);
    }
}
