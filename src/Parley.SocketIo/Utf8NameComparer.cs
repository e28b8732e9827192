using System.Text;

namespace Parley.SocketIo;

/// <summary>Compares names ordinally, and finds them by their UTF-8 bytes without making a string.</summary>
internal sealed class Utf8NameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const int OnStack = 256;

    private Utf8NameComparer()
    {
    }

    public static Utf8NameComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        var bytes = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        return GetHashCode(bytes[..Encoding.UTF8.GetBytes(name, bytes)]);
    }

    public bool Equals(ReadOnlySpan<byte> alternate, string other)
    {
        if (other.Length > alternate.Length)
        {
            return false;
        }

        var bytes = alternate.Length <= OnStack ? stackalloc byte[OnStack] : new byte[alternate.Length];
        return Encoding.UTF8.TryGetBytes(other, bytes[..alternate.Length], out var length) && bytes[..length].SequenceEqual(alternate);
    }

    // HashCode is seeded for each process, so that names cannot be chosen to collide.
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}
