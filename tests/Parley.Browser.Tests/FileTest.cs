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

    /// <summary>Opens the chat and chooses files.</summary>
    protected static async Task OfferAsync(Person person, params string[] files)
    {
        await person.Call.Chat.ClickAsync();
        await person.Page.Locator("input[type=file]").SetInputFilesAsync(files);
    }

    /// <summary>Presses one of a file's buttons.</summary>
    protected static Task PressAsync(Person person, string action, string file) =>
        person.Page.GetByRole(AriaRole.Button, new() { Name = $"{action}: {Path.GetFileName(file)}" }).ClickAsync();
}
