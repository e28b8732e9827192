using System.Text.RegularExpressions;
using Parley.Testing;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>The protocol's page names a test for each complaint and advisory; here it is held to that.</summary>
public sealed partial class ComplaintListTests
{
    [Fact]
    public void Every_test_that_the_list_names_exists()
    {
        var named = TestName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol", "socketio.md")))
            .Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        Assert.True(named.Count > 40, $"Only {named.Count} tests were found in the list: has its form changed?");
        string[] projects = ["Parley.SocketIo.AspNetCore.Tests", "Parley.AspNetCore.Tests"];
        var files = projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", project), "*Tests.cs", SearchOption.AllDirectories))
            .ToLookup(Path.GetFileNameWithoutExtension);
        Assert.All(named, test => Assert.Contains(files[test.Class], file => File.ReadAllText(file).Contains($" {test.Method}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Za-z0-9]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
