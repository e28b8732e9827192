using System.Buffers.Binary;

namespace Parley.Fuzzing;

/// <summary>Makes new inputs from old ones. The same seed makes the same inputs.</summary>
public sealed class Mutator(int seed, IReadOnlyList<byte[]> dictionary)
{
    private const int MaxSize = 2048;

    private static readonly byte[] Interesting = [0x00, 0x01, 0x02, 0x04, 0x10, 0x3F, 0x40, 0x7F, 0x80, 0xFF];

    private readonly Random _random = new(seed);

    /// <summary>A new input: one of the corpus, changed in one to sixteen places, perhaps with the tail of another.</summary>
    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        List<byte> input = [.. corpus.Count == 0 ? [] : corpus[_random.Next(corpus.Count)]];
        if (corpus.Count > 1 && _random.Next(8) == 0)
        {
            var other = corpus[_random.Next(corpus.Count)];
            input.RemoveRange(_random.Next(input.Count + 1) is var cut ? cut : 0, input.Count - cut);
            input.AddRange(other[_random.Next(other.Length + 1)..]);
        }

        for (var changes = 1 << _random.Next(5); changes > 0; changes--)
        {
            Change(input);
        }

        return [.. input.Take(MaxSize)];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        switch (_random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = Interesting[_random.Next(Interesting.Length)];
                break;
            case 2 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 3 when at + 2 <= input.Count:
                SetLength(input, at);
                break;
            case 4:
                input.InsertRange(at, Noise(1 << _random.Next(6)));
                break;
            case 5 when at < input.Count:
                input.RemoveRange(at, Math.Min(1 << _random.Next(6), input.Count - at));
                break;
            case 6 when at < input.Count:
                input.InsertRange(at, input.GetRange(at, Math.Min(1 << _random.Next(7), input.Count - at)));
                break;
            case 7 when dictionary.Count > 0:
                input.InsertRange(at, dictionary[_random.Next(dictionary.Count)]);
                break;
            case 8 when dictionary.Count > 0:
                var piece = dictionary[_random.Next(dictionary.Count)];
                for (var i = 0; i < piece.Length && at + i < input.Count; i++)
                {
                    input[at + i] = piece[i];
                }

                break;
        }
    }

    // Two bytes that could be a length: of the rest, or a little off.
    private void SetLength(List<byte> input, int at)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Math.Clamp(input.Count - at - 2 + _random.Next(-24, 25), 0, 65535));
        (input[at], input[at + 1]) = (bytes[0], bytes[1]);
    }

    private byte[] Noise(int size)
    {
        var noise = new byte[size];
        if (_random.Next(2) == 0)
        {
            _random.NextBytes(noise);
        }

        return noise;
    }
}
