using System.Security.Cryptography;

namespace Parley.Fuzzing;

/// <summary>Inputs on disk, one a file.</summary>
public static class Corpus
{
    /// <summary>Reads the inputs of a folder in the order of their names; none if there is no such folder.</summary>
    public static IReadOnlyList<byte[]> Read(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : [];

    /// <summary>Writes an input under a name made of its hash, and returns the path.</summary>
    public static string Write(string folder, string prefix, byte[] input)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, prefix + Convert.ToHexStringLower(SHA256.HashData(input))[..16]);
        File.WriteAllBytes(path, input);
        return path;
    }
}
