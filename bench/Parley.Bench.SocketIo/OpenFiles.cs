namespace Parley.Bench.SocketIo;

/// <summary>Each connection is a descriptor, here and in the server. .NET and Node raise the soft limit to the hard one themselves.</summary>
internal static class OpenFiles
{
    public static void Require(int count)
    {
        var words = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (int.TryParse(words[3], out var soft) && soft < count)
        {
            throw new InvalidOperationException($"Only {soft} files may be open; {count} are needed. Raise it with: ulimit -n {count}");
        }
    }
}
