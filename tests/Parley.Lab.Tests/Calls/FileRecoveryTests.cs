using System.Security.Cryptography;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>A file on its way outlives what befalls the network.</summary>
public sealed class FileRecoveryTests(SharedLab shared, CallStage stage) : LabCallTest(shared, stage), IClassFixture<CallStage>
{
    private const int Size = 20_000_000;
    private const string Name = "film.bin";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-lab-files-");

    private Trouble Trouble => new(Lab, Stage);

    /// <inheritdoc />
    protected override bool NetworkFails => true;

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_goes_on_after_a_cut_of_seconds_and_after_a_change_of_network()
    {
        // Slow enough that there is a middle.
        Lab.SetLines(new LineConditions { Delay = TimeSpan.FromMilliseconds(10), BitsPerSecond = 40_000_000 });
        var (left, right) = await CallAsync();
        var file = Path.Combine(_folder.FullName, Name);
        var noise = new byte[Size];
        new Random(Size).NextBytes(noise);
        await File.WriteAllBytesAsync(file, noise, TestContext.Current.CancellationToken);

        await left.Call.Chat.ClickAsync();
        await left.Page.Locator("input[type=file]").SetInputFilesAsync(file);
        await right.Call.Chat.ClickAsync();
        await Button(right, "Accept").ClickAsync();

        var first = await ReceivedAsync(right, Size / 10);
        await Trouble.CutAsync(TimeSpan.FromSeconds(4));
        Assert.InRange(await ReceivedAsync(right), first, Size / 2);
        var second = await ReceivedAsync(right, Size / 2);
        await Trouble.MoveAsync();
        Assert.InRange(await ReceivedAsync(right), second, Size - 1);

        await Button(right, "Save").WaitForAsync(new() { Timeout = 90_000 });
        var download = await right.Page.RunAndWaitForDownloadAsync(() => Button(right, "Save").ClickAsync());
        var received = Path.Combine(_folder.FullName, "received");
        await download.SaveAsAsync(received);
        Assert.Equal(SHA256.HashData(noise), SHA256.HashData(await File.ReadAllBytesAsync(received, TestContext.Current.CancellationToken)));
        await left.Call.ReadsAsync("Sent and checked");
        await MediaProof.SeeAndHearEachOtherAsync(left, right);
    }

    private static ILocator Button(Person person, string action) => person.Page.GetByRole(AriaRole.Button, new() { Name = $"{action}: {Name}" });

    private static Task<double> ReceivedAsync(Person person, double bytes) =>
        Wait.UntilAsync(() => ReceivedAsync(person), received => received >= bytes, $"{bytes} bytes have arrived");

    private static Task<double> ReceivedAsync(Person person) =>
        person.Page.EvaluateAsync<double>("() => document.querySelector('progress')?.value ?? 0");
}
