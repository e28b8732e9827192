using System.Reflection;
using System.Runtime.Loader;

namespace Parley.Fuzzing;

/// <summary>
/// Loads an assembly with targets a second time, together with instrumented copies of the assemblies that it fuzzes. What is
/// built stays as it is.
/// </summary>
internal sealed class Instrumented : AssemblyLoadContext
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parley-fuzz-").FullName;
    private readonly HashSet<string> _copies = new(StringComparer.Ordinal);

    /// <summary>Copies and instruments <paramref name="fuzzed"/>, and returns <paramref name="targets"/> as it sees them.</summary>
    public static Assembly Load(Assembly targets, IEnumerable<Assembly> fuzzed)
    {
        var context = new Instrumented();
        foreach (var assembly in fuzzed)
        {
            var copy = context.Copy(assembly);
            SharpFuzz.Fuzzer.Instrument(copy, static _ => true, SharpFuzz.Options.Value);
        }

        context.Copy(targets);
        return context.LoadFromAssemblyName(targets.GetName());
    }

    // Everything else, SharpFuzz's map above all, is the one that the runner uses.
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _copies.Contains(assemblyName.Name!) ? LoadFromAssemblyPath(Path.Combine(_folder, assemblyName.Name + ".dll")) : null;

    private string Copy(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        _copies.Add(name);
        var copy = Path.Combine(_folder, name + ".dll");
        File.Copy(assembly.Location, copy, overwrite: true);
        return copy;
    }
}
