using System.Globalization;
using System.Reflection;

namespace Parley.Fuzzing;

/// <summary>The command line that all fuzz projects share; see fuzz/README.md.</summary>
public static class FuzzProgram
{
    /// <summary>Runs a fuzz project.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="targetsType">A public static class whose <c>All</c> lists the targets.</param>
    /// <param name="fuzzed">The assemblies to instrument.</param>
    /// <returns>The exit code: 0 if no input failed, 1 if one did, 2 if the command line is wrong.</returns>
    public static int Run(string[] args, Type targetsType, params Assembly[] fuzzed)
    {
        switch (args)
        {
            case ["list"]:
                Console.WriteLine(string.Join('\n', TargetsOf(targetsType).Select(target => target.Name)));
                return 0;
            case ["replay", var name, var path]:
                Find(TargetsOf(targetsType), name).Run(File.ReadAllBytes(path));
                return 0;
            case ["run", var name, .. var options]:
                var minutes = double.Parse(Option(options, "--minutes") ?? "1", CultureInfo.InvariantCulture);
                var seed = int.Parse(Option(options, "--seed") ?? "1", CultureInfo.InvariantCulture);
                var targets = TargetsOf(Instrumented.Load(targetsType.Assembly, fuzzed).GetType(targetsType.FullName!, throwOnError: true)!);
                List<FuzzTarget> chosen = name == "all" ? [.. targets] : [Find(targets, name)];
                return chosen.All(target => RunOne(target, targetsType, TimeSpan.FromMinutes(minutes / chosen.Count), seed)) ? 0 : 1;
            default:
                Console.Error.WriteLine("Usage: list | run <target or all> [--minutes N] [--seed N] | replay <target> <file>");
                return 2;
        }
    }

    private static bool RunOne(FuzzTarget target, Type targetsType, TimeSpan cpuTime, int seed)
    {
        var repository = RepositoryFolder();
        var corpus = Path.Combine(repository, "fuzz", targetsType.Assembly.GetName().Name!, "corpus", target.Name);
        return new FuzzRun(target, corpus, Path.Combine(repository, "artifacts", "fuzz", target.Name), seed).Run(cpuTime);
    }

    private static IReadOnlyList<FuzzTarget> TargetsOf(Type type) => (IReadOnlyList<FuzzTarget>)type.GetProperty("All")!.GetValue(null)!;

    private static FuzzTarget Find(IReadOnlyList<FuzzTarget> targets, string name) =>
        targets.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target {name}. Ask for the list.", nameof(name));

    private static string? Option(string[] options, string name) => Array.IndexOf(options, name) is >= 0 and var index && index + 1 < options.Length ? options[index + 1] : null;

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Parley.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Run the program from inside the repository: no Parley.slnx was found above it.");
        }

        return folder.FullName;
    }
}
