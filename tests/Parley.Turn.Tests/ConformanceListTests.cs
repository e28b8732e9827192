using System.Text.RegularExpressions;

namespace Parley.Turn.Tests;

/// <summary>The conformance list names its tests; here it is held to that.</summary>
public sealed partial class ConformanceListTests
{
    [Fact]
    public void Every_test_that_the_conformance_list_names_exists()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Parley.slnx")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests run from inside the repository, and no Parley.slnx was found above them.");
        }

        var list = File.ReadAllText(Path.Combine(root.FullName, "docs", "protocol", "stun-turn.md"));
        var named = TestName().Matches(list).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        Assert.True(named.Count > 60, $"Only {named.Count} tests were found in the list: has its form changed?");
        string[] projects = ["Parley.Stun.Tests", "Parley.Turn.Tests", "Parley.Turn.Hosting.Tests", "Parley.AspNetCore.Tests", "Parley.Server.Tests"];
        var files = projects.SelectMany(project => Directory.EnumerateFiles(Path.Combine(root.FullName, "tests", project), "*Tests.cs", SearchOption.AllDirectories)).ToLookup(Path.GetFileNameWithoutExtension);
        Assert.All(named, test => Assert.Contains(files[test.Class], file => File.ReadAllText(file).Contains($" {test.Method}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Za-z0-9]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
