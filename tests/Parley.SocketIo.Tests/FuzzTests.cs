using Parley.Fuzzing;

namespace Parley.SocketIo.Tests;

/// <summary>
/// The fuzz targets over their corpus and a fixed number of mutations of it, the same in every run;
/// longer runs are in fuzz/README.md.
/// </summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Targets => [.. Fuzz.Targets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_committed_corpus_shows_no_fault(string name)
    {
        var (target, corpus) = Find(name);
        Assert.NotEmpty(corpus);
        Assert.All(corpus, input => target.Run(input));
    }

    [Theory]
    [InlineData("json", 10_000)]
    [InlineData("engineio-payload", 20_000)]
    [InlineData("engineio-session", 20_000)]
    [InlineData("socketio-packet", 10_000)]
    [InlineData("socketio-session", 20_000)]
    [InlineData("websocket", 20_000)]
    public void Mutated_inputs_show_no_fault(string name, int count)
    {
        var (target, corpus) = Find(name);
        target.RunMutations(corpus, seed: 20261122, count);
    }

    private static (FuzzTarget Target, IReadOnlyList<byte[]> Corpus) Find(string name) =>
        (Fuzz.Targets.All.Single(target => target.Name == name), Corpus.Read(Path.Combine(AppContext.BaseDirectory, "corpus", name)));
}
