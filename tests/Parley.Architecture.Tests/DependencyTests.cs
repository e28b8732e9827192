using System.Xml.Linq;
using Parley.Testing;

namespace Parley.Architecture.Tests;

/// <summary>
/// The arrows of the design point one way: root, then edge, then pure. These tests read the project files, so a wrong arrow
/// fails as soon as it is drawn, and a new project fails until somebody decides where it stands.
/// </summary>
public sealed class DependencyTests
{
    private enum Level { Pure, Edge, Root }

    private sealed record Place(Level Level, params string[] MayUse);

    private static readonly Dictionary<string, Place> Design = new(StringComparer.Ordinal)
    {
        ["Parley.Stun"] = new(Level.Pure),
        ["Parley.Turn"] = new(Level.Pure, "Parley.Stun"),
        ["Parley.SocketIo"] = new(Level.Pure),
        ["Parley.Signaling"] = new(Level.Pure),
        ["Parley.Turn.Hosting"] = new(Level.Edge, "Parley.Turn", "Parley.Stun"),
        ["Parley.SocketIo.AspNetCore"] = new(Level.Edge, "Parley.SocketIo"),
        ["Parley.AspNetCore"] = new(Level.Edge, "Parley.Signaling", "Parley.SocketIo", "Parley.SocketIo.AspNetCore", "Parley.Turn", "Parley.Turn.Hosting"),
        ["Parley.Server"] = new(Level.Root, "Parley.AspNetCore", "Parley.SocketIo.AspNetCore", "Parley.Turn.Hosting"),
    };

    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_the_design_allows(string project)
    {
        Assert.True(Design.TryGetValue(project, out var place), $"{project} has no place in the design: decide its level and what it may use, here and in the documentation.");
        Assert.All(References(project), used => Assert.Contains(used, place.MayUse));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_pure_project_is_marked_pure_and_uses_no_package_and_no_framework(string project)
    {
        var xml = Load(project);
        var pure = Design.TryGetValue(project, out var place) && place.Level == Level.Pure;
        Assert.Equal(pure, xml.Descendants("ParleyPure").Any(element => element.Value == "true"));
        if (pure)
        {
            Assert.Empty(xml.Descendants("PackageReference"));
            Assert.Empty(xml.Descendants("FrameworkReference"));
            Assert.Equal("Microsoft.NET.Sdk", xml.Root?.Attribute("Sdk")?.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folder_and_project_have_one_name_and_the_solution_builds_it(string project)
    {
        Assert.True(File.Exists(ProjectFile(project)));
        Assert.Contains($"src/{project}/{project}.csproj", File.ReadAllText(Path.Combine(Repository.Root, "Parley.slnx")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> References(string project) =>
        Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static XDocument Load(string project) => XDocument.Load(ProjectFile(project));

    private static string ProjectFile(string project) => Path.Combine(Repository.Root, "src", project, project + ".csproj");
}
