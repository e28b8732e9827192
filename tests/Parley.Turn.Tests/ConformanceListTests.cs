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
        string[] folders = [Path.Combine(root.FullName, "tests", "Parley.Stun.Tests"), Path.Combine(root.FullName, "tests", "Parley.Turn.Tests")];
        Assert.All(named, test =>
        {
            var found = Assert.Single(folders, folder => File.Exists(Path.Combine(folder, test.Class + ".cs")));
            Assert.Contains($" {test.Method}(", File.ReadAllText(Path.Combine(found, test.Class + ".cs")), StringComparison.Ordinal);
        });
    }

    [GeneratedRegex("`([A-Za-z0-9]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
