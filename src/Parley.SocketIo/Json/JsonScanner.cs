using System.Buffers;

namespace Parley.SocketIo.Json;

/// <summary>
/// Checks JSON text (RFC 8259) without building anything and without throwing, which the framework's reader does on bad input. Unescaped control
/// characters are refused as the RFC demands; that keeps the packet separator U+001E out of texts that are passed on as they came.
/// </summary>
public static class JsonScanner
{
    /// <summary>Deepest nesting that can be asked for.</summary>
    public const int DeepestNesting = 64;

    /// <summary>What <see cref="SkipValue"/> returns for text that is no JSON.</summary>
    public const int Invalid = -1;

    /// <summary>What <see cref="SkipValue"/> returns for a value that nests deeper than allowed.</summary>
    public const int TooDeep = -2;

    private static readonly SearchValues<byte> EndsOrEscapes = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    /// <summary>Whether the whole of a text is one JSON value, white space around it allowed.</summary>
    public static bool IsValue(ReadOnlySpan<byte> json, int maxDepth = DeepestNesting)
    {
        var end = SkipValue(json, SkipWhiteSpace(json, 0), maxDepth);
        return end >= 0 && SkipWhiteSpace(json, end) == json.Length;
    }

    /// <summary>Index of the first byte that is no white space, from <paramref name="position"/> on.</summary>
    public static int SkipWhiteSpace(ReadOnlySpan<byte> json, int position)
    {
        while (position < json.Length && json[position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            position++;
        }

        return position;
    }

    /// <summary>Checks the one value that starts at a position.</summary>
    /// <param name="json">The text.</param>
    /// <param name="position">Where the value's first byte is.</param>
    /// <param name="maxDepth">Most arrays and objects one inside the other, at most <see cref="DeepestNesting"/>.</param>
    /// <returns>The index after the value, or a negative number: <see cref="Invalid"/> or <see cref="TooDeep"/>.</returns>
    public static int SkipValue(ReadOnlySpan<byte> json, int position, int maxDepth = DeepestNesting)
    {
        // The lowest bit says whether the innermost level is an object; the levels around it follow upwards.
        var objects = 0UL;
        var depth = 0;
        while (true)
        {
            position = SkipWhiteSpace(json, position);
            if (position >= json.Length)
            {
                return Invalid;
            }

            var first = json[position];
            if (first is (byte)'[' or (byte)'{')
            {
                if (depth == maxDepth)
                {
                    return TooDeep;
                }

                var isObject = first == (byte)'{';
                depth++;
                objects = (objects << 1) | (isObject ? 1UL : 0UL);
                position = SkipWhiteSpace(json, position + 1);
                var closing = isObject ? (byte)'}' : (byte)']';
                if (position >= json.Length || json[position] != closing)
                {
                    position = isObject ? SkipKey(json, position) : position;
                    if (position < 0)
                    {
                        return Invalid;
                    }

                    continue;
                }
            }
            else
            {
                position = SkipScalar(json, position);
                if (position < 0 || depth == 0)
                {
                    return position;
                }
            }

            // After a value: close levels until a comma asks for another value.
            while (true)
            {
                position = SkipWhiteSpace(json, position);
                if (position >= json.Length)
                {
                    return Invalid;
                }

                var inObject = (objects & 1) != 0;
                var next = json[position++];
                if (next == (byte)',')
                {
                    position = inObject ? SkipKey(json, SkipWhiteSpace(json, position)) : position;
                    if (position < 0)
                    {
                        return Invalid;
                    }

                    break;
                }

                if (next != (inObject ? (byte)'}' : (byte)']'))
                {
                    return Invalid;
                }

                objects >>= 1;
                depth--;
                if (depth == 0)
                {
                    return position;
                }
            }
        }
    }

    /// <summary>Checks the string whose opening quote is at a position. Returns the index after its closing quote, or a negative number.</summary>
    public static int SkipString(ReadOnlySpan<byte> json, int position)
    {
        position++;
        while (true)
        {
            var length = json[position..].IndexOfAny(EndsOrEscapes);
            if (length < 0)
            {
                return Invalid;
            }

            position += length;
            switch (json[position])
            {
                case (byte)'"':
                    return position + 1;
                case (byte)'\\':
                    position = SkipEscape(json, position + 1);
                    if (position < 0)
                    {
                        return Invalid;
                    }

                    break;
                default:
                    return Invalid;
            }
        }
    }

    private static int SkipEscape(ReadOnlySpan<byte> json, int position)
    {
        if (position >= json.Length)
        {
            return Invalid;
        }

        if (json[position] != (byte)'u')
        {
            return "\"\\/bfnrt"u8.Contains(json[position]) ? position + 1 : Invalid;
        }

        const int HexDigits = 4;
        position++;
        if (json.Length - position < HexDigits)
        {
            return Invalid;
        }

        foreach (var digit in json.Slice(position, HexDigits))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return Invalid;
            }
        }

        return position + HexDigits;
    }

    // A name and its colon.
    private static int SkipKey(ReadOnlySpan<byte> json, int position)
    {
        if (position >= json.Length || json[position] != (byte)'"')
        {
            return Invalid;
        }

        position = SkipString(json, position);
        if (position < 0)
        {
            return Invalid;
        }

        position = SkipWhiteSpace(json, position);
        return position < json.Length && json[position] == (byte)':' ? position + 1 : Invalid;
    }

    private static int SkipScalar(ReadOnlySpan<byte> json, int position) => json[position] switch
    {
        (byte)'"' => SkipString(json, position),
        (byte)'t' => SkipWord(json, position, "true"u8),
        (byte)'f' => SkipWord(json, position, "false"u8),
        (byte)'n' => SkipWord(json, position, "null"u8),
        _ => SkipNumber(json, position),
    };

    private static int SkipWord(ReadOnlySpan<byte> json, int position, ReadOnlySpan<byte> word) =>
        json[position..].StartsWith(word) ? position + word.Length : Invalid;

    private static int SkipNumber(ReadOnlySpan<byte> json, int position)
    {
        if (position < json.Length && json[position] == (byte)'-')
        {
            position++;
        }

        var integer = position;
        position = SkipDigits(json, position);
        if (position == integer || (json[integer] == (byte)'0' && position > integer + 1))
        {
            return Invalid;
        }

        if (position < json.Length && json[position] == (byte)'.')
        {
            var fraction = position + 1;
            position = SkipDigits(json, fraction);
            if (position == fraction)
            {
                return Invalid;
            }
        }

        if (position < json.Length && json[position] is (byte)'e' or (byte)'E')
        {
            position++;
            if (position < json.Length && json[position] is (byte)'+' or (byte)'-')
            {
                position++;
            }

            var exponent = position;
            position = SkipDigits(json, exponent);
            if (position == exponent)
            {
                return Invalid;
            }
        }

        return position;
    }

    private static int SkipDigits(ReadOnlySpan<byte> json, int position)
    {
        while (position < json.Length && char.IsAsciiDigit((char)json[position]))
        {
            position++;
        }

        return position;
    }
}
