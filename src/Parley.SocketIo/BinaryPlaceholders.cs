using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Parley.SocketIo.Json;

namespace Parley.SocketIo;

/// <summary>
/// Attachments stand in the JSON as <c>{"_placeholder":true,"num":0}</c>. Only packets with attachments (binary events and acks) are looked at;
/// in others such an object is ordinary data. All methods take JSON that has been checked, and walk it once.
/// </summary>
internal static class BinaryPlaceholders
{
    private enum Key : byte
    {
        Other,
        Placeholder,
        Number,
    }

    /// <summary>Whether every placeholder names an attachment that there is.</summary>
    public static bool AreValid(ReadOnlySpan<byte> json, int attachmentCount) => Walk(json, attachmentCount, found: null);

    /// <summary>
    /// Copies a JSON value with its placeholders numbered anew, in the order in which they stand, and collects the attachments they mean.
    /// A placeholder that means no attachment of this value becomes null, so that it cannot stand for somebody else's.
    /// </summary>
    public static void Renumber(ReadOnlySpan<byte> json, ReadOnlyMemory<byte>[] attachments, List<ReadOnlyMemory<byte>> collected, IBufferWriter<byte> to)
    {
        var found = new List<(JsonSlice Place, int Number)>();
        _ = Walk(json, attachments.Length, found);
        var copied = 0;
        foreach (var (place, number) in found)
        {
            to.Write(json[copied..place.Start]);
            copied = place.Start + place.Length;
            if (number >= 0 && number < attachments.Length)
            {
                Write(collected.Count, to);
                collected.Add(attachments[number]);
            }
            else
            {
                to.Write("null"u8);
            }
        }

        to.Write(json[copied..]);
    }

    /// <summary>The attachment that a value consists of. False if the value is anything but one placeholder.</summary>
    public static bool TryGetOnly(ReadOnlySpan<byte> json, ReadOnlyMemory<byte>[] attachments, out ReadOnlyMemory<byte> data)
    {
        data = default;
        var found = new List<(JsonSlice Place, int Number)>();
        _ = Walk(json, attachments.Length, found);
        if (found.Count != 1 || found[0].Place != new JsonSlice(0, json.Length) || found[0].Number < 0 || found[0].Number >= attachments.Length)
        {
            return false;
        }

        data = attachments[found[0].Number];
        return true;
    }

    /// <summary>Writes a placeholder.</summary>
    public static void Write(int number, IBufferWriter<byte> to)
    {
        to.Write("{\"_placeholder\":true,\"num\":"u8);
        var digits = to.GetSpan(11);
        _ = Utf8Formatter.TryFormat(number, digits, out var written);
        to.Advance(written);
        to.Write("}"u8);
    }

    // Notes the outermost placeholders in found, or without found stops with false at the first that names no attachment.
    private static bool Walk(ReadOnlySpan<byte> json, int attachmentCount, List<(JsonSlice Place, int Number)>? found)
    {
        Span<Level> levels = stackalloc Level[JsonScanner.DeepestNesting + 1];
        var depth = 0;
        levels[0] = default;
        var position = 0;
        while (position < json.Length)
        {
            ref var level = ref levels[depth];
            switch (json[position])
            {
                case (byte)'{' or (byte)'[':
                    level.SetValue([]);
                    var isObject = json[position] == (byte)'{';
                    levels[++depth] = new Level { Start = position, IsObject = isObject, KeyIsNext = isObject, Number = -1 };
                    position++;
                    break;
                case (byte)'}' or (byte)']':
                    position++;
                    depth--;
                    if (!level.IsPlaceholder)
                    {
                        break;
                    }

                    if (found is null)
                    {
                        if (level.Number < 0 || level.Number >= attachmentCount)
                        {
                            return false;
                        }

                        break;
                    }

                    while (found.Count > 0 && found[^1].Place.Start > level.Start)
                    {
                        found.RemoveAt(found.Count - 1);
                    }

                    found.Add((new JsonSlice(level.Start, position - level.Start), level.Number));
                    break;
                case (byte)',':
                    level.KeyIsNext = level.IsObject;
                    position++;
                    break;
                case (byte)':' or (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                    position++;
                    break;
                default:
                    var end = JsonScanner.SkipValue(json, position);
                    if (level.KeyIsNext)
                    {
                        level.KeyIsNext = false;
                        level.Key = KeyOf(json[(position + 1)..(end - 1)]);
                    }
                    else
                    {
                        level.SetValue(json[position..end]);
                    }

                    position = end;
                    break;
            }
        }

        return true;
    }

    private static Key KeyOf(ReadOnlySpan<byte> key)
    {
        // A name may be written with escapes, of six bytes at most for a letter, and means the same then.
        if (key.Contains((byte)'\\') && key.Length <= "_placeholder"u8.Length * 6)
        {
            key = Encoding.UTF8.GetBytes(JsonText.Unescape(key));
        }

        return key.SequenceEqual("_placeholder"u8) ? Key.Placeholder : key.SequenceEqual("num"u8) ? Key.Number : Key.Other;
    }

    // One array or object that the walk is inside of.
    private struct Level
    {
        public int Start;
        public int Number;
        public Key Key;
        public bool IsObject;
        public bool KeyIsNext;
        public bool IsPlaceholder;

        // The last of several members with one name counts, as in JavaScript. An empty value stands for an array or object.
        public void SetValue(ReadOnlySpan<byte> value)
        {
            if (Key == Key.Placeholder)
            {
                IsPlaceholder = value.SequenceEqual("true"u8);
            }
            else if (Key == Key.Number)
            {
                Number = Utf8Parser.TryParse(value, out int number, out var used) && used == value.Length && number >= 0 ? number : -1;
            }

            Key = Key.Other;
        }
    }
}
