namespace Parley.Fuzzing;

/// <summary>Something to fuzz.</summary>
/// <param name="Name">Also the name of its corpus folder.</param>
/// <param name="Run">Takes an input; throws if it shows a fault.</param>
/// <param name="Dictionary">Pieces that inputs are likely to contain.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Run, IReadOnlyList<byte[]> Dictionary)
{
    /// <summary>Runs a fixed number of mutations of a corpus: the same inputs whenever corpus, seed and count are the same.</summary>
    /// <exception cref="InvalidOperationException">An input shows a fault; the message has its number and bytes.</exception>
    public void RunMutations(IReadOnlyList<byte[]> corpus, int seed, int count)
    {
        var mutator = new Mutator(seed, Dictionary);
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next(corpus);
            try
            {
                Run(input);
            }
            catch (Exception ex)
            {
                throw new InvalidOperationException($"Input {i} of {Name}, {Convert.ToHexString(input)}: {ex.Message}", ex);
            }
        }
    }
}
