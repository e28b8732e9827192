using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>A page that means no good, at the other end of a running call. What each parser does with such frames is tested beside it.</summary>
public sealed class FloodTests(Stage stage) : CallTest(stage)
{
    // As fast as the channel takes it; the largest frames are the largest there are.
    private const string Flood = """
        async (label) => {
          const channel = window.parleyProbe.channels.findLast((c) => c.label === label && c.readyState === 'open');
          const random = (below) => Math.floor(Math.random() * below);
          const noise = (length) => Uint8Array.from({ length }, () => random(256));
          const json = (...fields) => JSON.stringify(Object.assign({}, ...fields));
          const types = ['text', 'got', 'typing', 'candidate', 'restart', 'closing', 'media', 'bye', 'parley', 'unknown'];
          const frame = (type, ...parts) => new Uint8Array([type, ...parts.flatMap((part) => [...part])]);
          const kinds = {
            control: [
              () => json({ type: types[random(types.length)], v: 1, from: '', to: null, sdp: 5 }),
              () => json({ type: 'parley', message: { type: 'offer', v: 'x', from: {} } }),
              () => '['.repeat(50_000),
            ],
            chat: [
              (n) => json({ type: 'text', origin: 'flood', number: n + 1, text: `flood ${n}` }),
              () => json({ type: 'text', origin: 'x'.repeat(100), number: -1, text: null }),
              () => json({ type: 'text', origin: 'long', number: 1, text: 'x'.repeat(10_001) }),
              () => '{"type":"typing"}',
            ],
            files: [
              () => frame(random(9), noise(random(80))),
              // Offers without end, of one byte each, called <b>.
              () => frame(1, noise(16), [0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 240, 0], [0, 3], [60, 98, 62], [0]),
              () => frame(3, noise(16), [0, 0, 0, 0], noise(32), noise(1_000)),
              () => frame(0, [1, 1, 0], noise(256 * 16)),
            ],
            heartbeat: [() => Uint8Array.of(1), () => noise(random(100)).map((byte) => byte | 1)],
            application: [() => 'x'.repeat(random(1_000)), () => noise(random(1_000))],
          };
          const broken = [
            () => 'no JSON',
            () => '',
            () => 'null',
            () => noise(random(1_000)).map((byte) => byte | 1),
          ];
          const made = [...kinds[label], ...broken];
          for (let n = 0; n < 4_000; n++) {
            const data = n % 200 === 0 ? (n % 400 ? 'x'.repeat(256 * 1024) : noise(256 * 1024).map((byte) => byte | 1)) : made[n % made.length](n);
            while (channel.bufferedAmount > 1_000_000) await new Promise((later) => setTimeout(later, 5));
            if (channel.readyState !== 'open') throw new Error(`${label} was closed at ${n}`);
            channel.send(data);
          }
          return true;
        }
        """;

    private const int MaxMegabytes = 100;

    [Theory]
    [InlineData("control")]
    [InlineData("heartbeat")]
    [InlineData("chat")]
    [InlineData("files")]
    [InlineData("application")]
    public async Task Whatever_a_page_floods_a_channel_with_the_call_at_the_other_side_goes_on(string channel)
    {
        var (mallory, bob) = await InCallAsync();
        await mallory.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();

        var flood = mallory.Page.EvaluateAsync<bool>(Flood, channel);
        await Task.WhenAll(bob.SeesMovingPictureAsync(), bob.HearsSoundAsync());
        Assert.True(await flood);
        await Task.WhenAll(bob.SeesMovingPictureAsync(), bob.HearsSoundAsync(), mallory.SeesMovingPictureAsync());
        await bob.Call.ReachesAsync("connected");

        // As soon as the flood has run off there is room for words again, and the way back was never closed.
        await Wait.UntilAsync(
            async () =>
            {
                await mallory.Call.SayAsync("I behave now");
                return await bob.Page.GetByText("I behave now").CountAsync();
            },
            count => count > 0,
            "a word after the flood");
        await bob.Call.SayAsync("still here");
        await mallory.Call.ReadsAsync("still here");
        Assert.InRange(await HeapMegabytesAsync(bob), 0, MaxMegabytes);
    }

    private static async Task<double> HeapMegabytesAsync(Person person)
    {
        var session = await person.Context.NewCDPSessionAsync(person.Page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var usage = await session.SendAsync("Runtime.getHeapUsage");
        return usage!.Value.GetProperty("usedSize").GetDouble() / 1e6;
    }
}
