using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Parley.SocketIo.Json;

/// <summary>Strings out of JSON text, without the framework's reader, which throws on broken surrogates.</summary>
internal static class JsonText
{
    /// <summary>The string between the quotes of a checked JSON string. A lone surrogate becomes U+FFFD.</summary>
    public static string Unescape(ReadOnlySpan<byte> inner)
    {
        if (!inner.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(inner);
        }

        var text = new StringBuilder(inner.Length);
        while (!inner.IsEmpty)
        {
            var escape = inner.IndexOf((byte)'\\');
            if (escape < 0)
            {
                text.Append(Encoding.UTF8.GetString(inner));
                break;
            }

            text.Append(Encoding.UTF8.GetString(inner[..escape]));
            if (inner[escape + 1] == (byte)'u')
            {
                text.Append((char)ushort.Parse(inner.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                inner = inner[(escape + 6)..];
            }
            else
            {
                text.Append(inner[escape + 1] switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    var itself => (char)itself,
                });
                inner = inner[(escape + 2)..];
            }
        }

        return ReplaceLoneSurrogates(text.ToString());
    }

    /// <summary>How many bytes <see cref="WriteString"/> writes for a text, quotes included.</summary>
    public static int MeasureString(string text)
    {
        var length = 2;
        foreach (var rune in text.EnumerateRunes())
        {
            length += rune.Value switch
            {
                '"' or '\\' => 2,
                < 0x20 => 6,
                _ => rune.Utf8SequenceLength,
            };
        }

        return length;
    }

    /// <summary>Writes a text as a JSON string, escaping no more than JSON demands, and returns how many bytes that took.</summary>
    public static int WriteString(string text, Span<byte> to)
    {
        var written = 0;
        to[written++] = (byte)'"';
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                to[written++] = (byte)'\\';
                to[written++] = (byte)rune.Value;
            }
            else if (rune.Value < 0x20)
            {
                "\\u00"u8.CopyTo(to[written..]);
                _ = Utf8Formatter.TryFormat(rune.Value, to[(written + 4)..], out _, new StandardFormat('x', 2));
                written += 6;
            }
            else
            {
                written += rune.EncodeToUtf8(to[written..]);
            }
        }

        to[written++] = (byte)'"';
        return written;
    }

    private static string ReplaceLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.ToString());
        }

        return clean.ToString();
    }
}
