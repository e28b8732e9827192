using System.Buffers.Binary;
using System.Security.Cryptography;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>Unpredictable numbers from a secret seed: SHA-256 over the seed and a counter. The same seed gives the same numbers, which tests rely on.</summary>
internal sealed class Entropy(ReadOnlySpan<byte> seed)
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
            Span<byte> input = stackalloc byte[40];
            _seed.CopyTo(input);
            BinaryPrimitives.WriteUInt64BigEndian(input[32..], _counter++);
            SHA256.HashData(input, _block);
            _used = 0;
        }

        _used += size;
        return _block.AsSpan(_used - size, size);
    }
}
