namespace Parley.Fuzzing;

/// <summary>Something to fuzz.</summary>
/// <param name="Name">Also the name of its corpus folder.</param>
/// <param name="Run">Takes an input; throws if it shows a fault.</param>
/// <param name="Dictionary">Pieces that inputs are likely to contain.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Run, IReadOnlyList<byte[]> Dictionary);
