using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>
/// Figures for docs/reliability.md: files between two Chromiums in a call, their speed beside a bare data channel of the same pair, and for a gigabyte the
/// memory of the pages and what the sound suffers. Run on demand: it takes minutes and wants the machine for itself.
/// </summary>
public sealed class FileMeasurements(Stage stage) : CallTest(stage)
{
    private const int Megabyte = 1_000_000;
    // Less while developing; what is published has a gigabyte.
    private static readonly int FileMegabytes =
        int.Parse(Environment.GetEnvironmentVariable("PARLEY_MEGABYTES") ?? "1000", CultureInfo.InvariantCulture);

    private const int RoundMegabytes = 100;
    private const int Rounds = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-gigabyte-");

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
    public async Task One_gigabyte_its_memory_and_the_sound()
    {
        var (alice, bob) = await WithProfilesAsync();
        var quiet = await ConcealedAsync(bob, () => Task.Delay(TimeSpan.FromSeconds(10)));
        var accept = await OfferAsync(alice, bob, FileMegabytes);
        var pages = Renderers();
        var before = LargestMegabytes(pages);
        var peak = before;
        var clock = Stopwatch.StartNew();
        var loud = await ConcealedAsync(bob, async () =>
        {
            await accept.ClickAsync();
            var done = SentAsync(alice, 1);
            while (await Task.WhenAny(done, Task.Delay(500)) != done)
            {
                peak = Math.Max(peak, LargestMegabytes(pages));
            }

            await done;
            clock.Stop();
        });

        Report($"file: {FileMegabytes / clock.Elapsed.TotalSeconds:0.0} MB/s");
        Report($"largest renderer: {before:0} MB before, {peak:0} MB at most");
        Report($"concealed samples: {quiet:P2} without, {loud:P2} during the transfer");
    }

    [Fact(Explicit = true)]
    public async Task Speed_beside_a_bare_channel()
    {
        var (alice, bob) = await WithProfilesAsync();
        List<double> bare = [], file = [];
        for (var round = 1; round <= Rounds; round++)
        {
            bare.Add(await BareAsync(alice, bob));
            var accept = await OfferAsync(alice, bob, RoundMegabytes);
            var clock = Stopwatch.StartNew();
            await accept.ClickAsync();
            await SentAsync(alice, round);
            file.Add(clock.Elapsed.TotalSeconds);
        }

        bare.Add(await BareAsync(alice, bob));
        Report($"seconds for {RoundMegabytes} MB over a bare channel: {string.Join(' ', bare.Select(seconds => seconds.ToString("0.0", CultureInfo.InvariantCulture)))}");
        Report($"as a file: {string.Join(' ', file.Select(seconds => seconds.ToString("0.0", CultureInfo.InvariantCulture)))}");
        Report($"speed of the file, {RoundMegabytes / file.Average():0.0} MB/s, by that of the bare channel, {RoundMegabytes / bare.Average():0.0} MB/s: {bare.Average() / file.Average():0.00}");
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // Private windows, as other tests have them, keep in memory what ordinary ones keep on the disk.
    private async Task<(Person Alice, Person Bob)> WithProfilesAsync()
    {
        var alice = await ArriveWithProfileAsync(Path.Combine(_folder.FullName, "alice"), "alice");
        var bob = await ArriveWithProfileAsync(Path.Combine(_folder.FullName, "bob"), "bob");
        foreach (var person in (Person[])[alice, bob])
        {
            await person.Context.AddInitScriptAsync(Remember);
            await person.Call.OpenAsync(Stage.Server.Address, Room);
            await person.Call.Join.ClickAsync();
        }

        await ConnectAsync(alice, bob);
        await Task.WhenAll(alice.HearsSoundAsync(), bob.HearsSoundAsync());
        await alice.Call.Chat.ClickAsync();
        await bob.Call.Chat.ClickAsync();
        return (alice, bob);
    }

    private async Task<ILocator> OfferAsync(Person alice, Person bob, int megabytes)
    {
        var name = $"{Guid.NewGuid():N}.bin";
        await alice.Page.Locator("input[type=file]").SetInputFilesAsync(Make(name, megabytes));
        var accept = bob.Page.GetByRole(AriaRole.Button, new() { Name = $"Accept: {name}" });
        await accept.WaitForAsync();
        return accept;
    }

    private static Task SentAsync(Person alice, int files) =>
        alice.Page.GetByText("Sent and checked").Nth(files - 1).WaitForAsync(new() { Timeout = 240_000 });

    private string Make(string name, int megabytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        using var stream = File.Create(path);
        var random = new Random(1);
        var block = new byte[Megabyte];
        for (var written = 0; written < megabytes; written++)
        {
            random.NextBytes(block);
            stream.Write(block);
        }

        return path;
    }

    private static void Report(FormattableString line) => TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static async Task<double> ConcealedAsync(Person person, Func<Task> meanwhile)
    {
        var before = await person.Page.EvaluateAsync<double[]>(Sound);
        await meanwhile();
        var after = await person.Page.EvaluateAsync<double[]>(Sound);
        return (after[1] - before[1]) / (after[0] - before[0]);
    }

    /// <summary>A second connection of the same two pages with nothing on it but one channel, filled as far as it takes: in seconds.</summary>
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
        const int total = RoundMegabytes * Megabyte;
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
        var seconds = clock.Elapsed.TotalSeconds;
        await Task.WhenAll(alice.Page.EvaluateAsync("() => bare.close()"), bob.Page.EvaluateAsync("() => bare.close()"));
        return seconds;
    }

    private static List<int> Renderers() =>
    [
        .. Process.GetProcessesByName("chromium").Select(process => process.Id)
            .Where(id => File.ReadAllText($"/proc/{id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal)),
    ];

    /// <summary>What the largest page has of memory that is its own: not the files that are mapped into it.</summary>
    private static double LargestMegabytes(List<int> renderers) => renderers.Max(id =>
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("RssAnon", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1_000;
    });
}
