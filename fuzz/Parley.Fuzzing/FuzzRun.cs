using System.Diagnostics;
using System.Globalization;

namespace Parley.Fuzzing;

/// <summary>Fuzzes one target for a time: mutates, runs, keeps what reaches new branches.</summary>
internal sealed class FuzzRun(FuzzTarget target, string corpusFolder, string outputFolder, int seed)
{
    private readonly List<byte[]> _corpus = [.. Corpus.Read(corpusFolder), .. Corpus.Read(outputFolder)];
    private readonly Mutator _mutator = new(seed, target.Dictionary);
    private long _executions;

    /// <summary>Returns whether every input was good.</summary>
    public bool Run(TimeSpan cpuTime)
    {
        using var coverage = new Coverage();
        var started = Cpu();
        var nextReport = TimeSpan.FromSeconds(30);
        foreach (var input in _corpus.ToArray())
        {
            if (!TryInput(input, coverage))
            {
                return false;
            }
        }

        for (var spent = TimeSpan.Zero; spent < cpuTime; spent = Cpu() - started)
        {
            for (var i = 0; i < 256; i++)
            {
                var input = _mutator.Next(_corpus);
                if (!TryInput(input, coverage))
                {
                    return false;
                }
            }

            if (spent > nextReport)
            {
                Report(coverage, spent);
                nextReport = spent + TimeSpan.FromSeconds(60);
            }
        }

        Report(coverage, Cpu() - started);
        return true;
    }

    private bool TryInput(byte[] input, Coverage coverage)
    {
        coverage.Reset();
        _executions++;
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Whatever a target throws is a finding.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"{target.Name}: {ex}");
            Console.Error.WriteLine($"Input kept as {Corpus.Write(outputFolder, "crash-", input)}");
            return false;
        }

        if (coverage.Merge())
        {
            _corpus.Add(input);
            Corpus.Write(outputFolder, "", input);
        }

        return true;
    }

    private void Report(Coverage coverage, TimeSpan spent) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{target.Name}: {_executions:N0} inputs in {spent.TotalMinutes:F1} CPU minutes ({_executions / Math.Max(1, spent.TotalSeconds):N0} a second), {coverage.Branches:N0} branches, corpus of {_corpus.Count:N0}"));

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;
}
