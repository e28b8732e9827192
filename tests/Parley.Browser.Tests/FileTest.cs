using System.Security.Cryptography;
using Microsoft.Playwright;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>Files from one person's disk to the other: a folder for them, and what people do with them.</summary>
public abstract class FileTest(Stage stage) : CallTest(stage)
{
    /// <summary>Of this test alone; gone with it.</summary>
    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("parley-files-");

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        Folder.Delete(recursive: true);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A call in which Alice has offered Bob a file of noise, and both have the chat open.</summary>
    protected async Task<(Person Alice, Person Bob, string File)> OfferedAsync(string name, int size)
    {
        var (alice, bob) = await InCallAsync();
        var file = Make(name, size);
        await OfferAsync(alice, file);
        await bob.Call.Chat.ClickAsync();
        return (alice, bob, file);
    }

    /// <summary>Opens the chat and chooses files.</summary>
    protected static async Task OfferAsync(Person person, params string[] files)
    {
        await person.Call.Chat.ClickAsync();
        await person.Page.Locator("input[type=file]").SetInputFilesAsync(files);
    }

    /// <summary>Presses one of a file's buttons.</summary>
    protected static Task PressAsync(Person person, string action, string file) =>
        person.Page.GetByRole(AriaRole.Button, new() { Name = $"{action}: {Path.GetFileName(file)}" }).ClickAsync();

    /// <summary>A file of noise on the person's disk.</summary>
    protected string Make(string name, int size)
    {
        var path = Path.Combine(Folder.FullName, name);
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>SHA-256 of a file, in hexadecimal.</summary>
    protected static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    /// <summary>Waits until a file has arrived, saves it, and returns where it is.</summary>
    protected async Task<string> SaveAsync(Person person, string file)
    {
        var save = person.Page.GetByRole(AriaRole.Button, new() { Name = $"Save: {Path.GetFileName(file)}" });
        await save.WaitForAsync();
        var download = await person.Page.RunAndWaitForDownloadAsync(() => save.ClickAsync());
        Assert.Equal(Path.GetFileName(file), download.SuggestedFilename);
        var path = Path.Combine(Folder.FullName, $"received-{Path.GetFileName(file)}");
        await download.SaveAsAsync(path);
        return path;
    }
}
