using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>
/// Figures for docs/reliability.md: one gigabyte between two Chromiums in a call, its speed beside a bare data channel of the same pair, the
/// memory of the pages, and what the sound suffers. Run on demand: it takes minutes and wants the machine for itself.
/// </summary>
public sealed class FileMeasurements(Stage stage) : CallTest(stage)
{
    private const int Megabyte = 1_000_000;
    private const int FileMegabytes = 1_000;
    private const int BareMegabytes = 200;

    // Without the question where to put it, which nobody answers here: the file goes to the browser's own storage.
    private const string Remember = """
        window.showSaveFilePicker = undefined;
        window.measured = [];
        const Native = RTCPeerConnection;
        window.RTCPeerConnection = class extends Native {
          constructor(...all) { super(...all); window.measured.push(this); }
        };
        """;

    private const string Sound = """
        async () => {
          let total = 0, concealed = 0;
          for (const connection of window.measured) {
            if (connection.connectionState !== 'connected') continue;
            for (const report of (await connection.getStats()).values()) {
              if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
              total += report.totalSamplesReceived ?? 0;
              concealed += report.concealedSamples ?? 0;
            }
          }
          return [total, concealed];
        }
        """;

    [Fact(Explicit = true)]
    public async Task One_gigabyte_its_speed_the_memory_and_the_sound()
    {
        var folder = Directory.CreateTempSubdirectory("parley-gigabyte-");
        try
        {
            var file = Make(folder);
            var (alice, bob) = (await ArriveAsync("alice"), await ArriveAsync("bob"));
            foreach (var person in (Person[])[alice, bob])
            {
                await person.Context.AddInitScriptAsync(Remember);
                await person.Call.OpenAsync(Stage.Server.Address, Room);
                await person.Call.Join.ClickAsync();
            }

            await ConnectAsync(alice, bob);
            await Task.WhenAll(alice.HearsSoundAsync(), bob.HearsSoundAsync());
            var quiet = await ConcealedAsync(bob, () => Task.Delay(TimeSpan.FromSeconds(10)));

            var bare = await BareAsync(alice, bob);

            await alice.Call.Chat.ClickAsync();
            await bob.Call.Chat.ClickAsync();
            await alice.Page.Locator("input[type=file]").SetInputFilesAsync(file);
            var accept = bob.Page.GetByRole(AriaRole.Button, new() { Name = "Accept: gigabyte.bin" });
            await accept.WaitForAsync();
            var before = RendererMegabytes();
            var peak = before;
            var clock = Stopwatch.StartNew();
            var loud = await ConcealedAsync(bob, async () =>
            {
                await accept.ClickAsync();
                var done = alice.Page.GetByText("Sent and checked").WaitForAsync(new() { Timeout = 240_000 });
                while (await Task.WhenAny(done, Task.Delay(200)) != done)
                {
                    peak = Math.Max(peak, RendererMegabytes());
                }

                await done;
                clock.Stop();
            });

            Report($"file: {FileMegabytes / clock.Elapsed.TotalSeconds:0.0} MB/s, bare channel: {bare:0.0} MB/s");
            Report($"largest renderer: {before:0} MB before, {peak:0} MB at most");
            Report($"concealed samples: {quiet:P2} without, {loud:P2} during the transfer");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Report(FormattableString line) => TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Make(DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, "gigabyte.bin");
        using var stream = File.Create(path);
        var random = new Random(1);
        var block = new byte[Megabyte];
        for (var written = 0; written < FileMegabytes; written++)
        {
            random.NextBytes(block);
            stream.Write(block);
        }

        return path;
    }

    private static async Task<double> ConcealedAsync(Person person, Func<Task> meanwhile)
    {
        var before = await person.Page.EvaluateAsync<double[]>(Sound);
        await meanwhile();
        var after = await person.Page.EvaluateAsync<double[]>(Sound);
        return (after[1] - before[1]) / (after[0] - before[0]);
    }

    /// <summary>A second connection of the same two pages with nothing on it but one channel, filled as far as it takes.</summary>
    private static async Task<double> BareAsync(Person alice, Person bob)
    {
        const string gathered = "new Promise(done => bare.onicecandidate = ({ candidate }) => candidate || done(bare.localDescription.sdp))";
        var offer = await alice.Page.EvaluateAsync<string>($$"""
            async () => {
              window.bare = new RTCPeerConnection();
              window.channel = bare.createDataChannel('bare');
              const all = {{gathered}};
              await bare.setLocalDescription();
              return all;
            }
            """);
        var answer = await bob.Page.EvaluateAsync<string>($$"""
            async sdp => {
              window.bare = new RTCPeerConnection();
              window.got = 0;
              bare.ondatachannel = ({ channel }) => { channel.binaryType = 'arraybuffer'; channel.onmessage = ({ data }) => window.got += data.byteLength; };
              await bare.setRemoteDescription({ type: 'offer', sdp });
              const all = {{gathered}};
              await bare.setLocalDescription();
              return all;
            }
            """, offer);
        await alice.Page.EvaluateAsync("sdp => bare.setRemoteDescription({ type: 'answer', sdp })", answer);
        await alice.Page.WaitForFunctionAsync("() => channel.readyState === 'open'");
        var total = BareMegabytes * Megabyte;
        var clock = Stopwatch.StartNew();
        await alice.Page.EvaluateAsync("""
            async total => {
              const block = new Uint8Array(60 * 1024);
              channel.bufferedAmountLowThreshold = 256 * 1024;
              for (let sent = 0; sent < total; sent += block.length) {
                if (channel.bufferedAmount > 1024 * 1024) await new Promise(done => channel.onbufferedamountlow = done);
                channel.send(block);
              }
            }
            """, total);
        await bob.Page.WaitForFunctionAsync("total => got >= total", total, new() { Timeout = 120_000 });
        var speed = BareMegabytes / clock.Elapsed.TotalSeconds;
        await Task.WhenAll(alice.Page.EvaluateAsync("() => bare.close()"), bob.Page.EvaluateAsync("() => bare.close()"));
        return speed;
    }

    /// <summary>What the largest page has of memory that is its own: not the files that are mapped into it.</summary>
    private static double RendererMegabytes()
    {
        var most = 0.0;
        foreach (var process in Process.GetProcessesByName("chromium"))
        {
            try
            {
                if (File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal))
                {
                    var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("RssAnon", StringComparison.Ordinal));
                    most = Math.Max(most, double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1_000);
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return most;
    }
}
