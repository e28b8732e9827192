using System.Buffers.Binary;
using System.Security.Cryptography;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// Unpredictable numbers from a secret seed: SHA-256 over the seed, a stream number and a counter. The same seed and stream give
/// the same numbers, which tests rely on; shards have streams of their own, so that a seed used twice does not repeat tokens.
/// </summary>
internal sealed class Entropy(ReadOnlySpan<byte> seed, int stream)
{
    private readonly byte[] _seed = seed.ToArray();
    private readonly byte[] _block = new byte[SHA256.HashSizeInBytes];
    private ulong _counter;
    private int _used = SHA256.HashSizeInBytes;

    public ulong NextUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Next(sizeof(ulong)));

    public TransactionId NextTransactionId() => TransactionId.Read(Next(TransactionId.Size));

    private ReadOnlySpan<byte> Next(int size)
    {
        if (_used + size > _block.Length)
        {
            Span<byte> input = stackalloc byte[44];
            _seed.CopyTo(input);
            BinaryPrimitives.WriteInt32BigEndian(input[32..], stream);
            BinaryPrimitives.WriteUInt64BigEndian(input[36..], _counter++);
            SHA256.HashData(input, _block);
            _used = 0;
        }

        _used += size;
        return _block.AsSpan(_used - size, size);
    }
}
