namespace Parley.Testing;

/// <summary>Where things lie in the repository that the running test was built in.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Parley.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder for what a test leaves to be looked at: screenshots, traces, logs. Made when asked for; not under version control.</summary>
    public static string ArtifactsOf(string test)
    {
        var folder = Path.Combine(Root, "artifacts", "test-evidence", string.Concat(test.Select(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '_')));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>The program that a project was built to, in the same configuration as the running test.</summary>
    /// <exception cref="FileNotFoundException">The project was not built.</exception>
    public static string ProgramOf(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name;
        var program = Path.Combine(Root, "artifacts", "bin", project, configuration, project + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return File.Exists(program) ? program : throw new FileNotFoundException($"{project} is not built ({configuration}).", program);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Parley.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run from inside the repository, and no Parley.slnx was found above them.");
        }

        return folder.FullName;
    }
}
