using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Parley.SocketIo.Json;

namespace Parley.SocketIo.Tests;

/// <summary>The framework's reader is the judge: the scanner accepts what the reader accepts, and nothing else.</summary>
public sealed class JsonScannerTests
{
    public static TheoryData<string> Texts() =>
    [
        "", " ", "1", "-1", "01", "-", "1.", "1.5", ".5", "1e5", "1e", "1E+5", "1e-", "-0", "0", "00", "1 2", " 1 ",
        "true", "tru", "truex", "false", "null", "nul", "NaN", "Infinity",
        "\"\"", "\"a\"", "\"", "\"a", "\"\\\"\"", "\"\\\\\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u1234\"", "\"\\ud800\"", "\"\u001e\"", "\"\n\"", "\"\\n\"", "\"ü\"",
        "[]", "[ ]", "[1]", "[1,]", "[,1]", "[1,2]", "[1 2]", "[", "]", "[]]", "[[]]", "[[],[]]", "[{}]", "[}",
        "{}", "{ }", "{\"a\":1}", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\" : [ ] , \"b\":{}}", "{\"a\":1 \"b\":2}", "{\"a\":{\"b\":[1,{\"c\":null}]}}", "{]", "{\"a\":1]", "[1}",
        "\u001e1", "1\u001e", "[1\u001e,2]", "// 1", "'a'",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_JSON_when_the_framework_says_so(string text) => AssertAgrees(Encoding.UTF8.GetBytes(text));

    [Property(MaxTest = 2000)]
    public void Text_of_JSON_characters_is_JSON_when_the_framework_says_so(int[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        const string Alphabet = "[]{}\":,\\ 0-1.eEun/tb\u001e";
        AssertAgrees(Encoding.UTF8.GetBytes(string.Concat(choices.Select(choice => Alphabet[(int)((uint)choice % Alphabet.Length)]))));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Nesting_ends_at_the_limit(int depth, bool accepted)
    {
        Assert.Equal(accepted, JsonScanner.IsValue(Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth))));
        Assert.Equal(accepted, JsonScanner.IsValue(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1))));
    }

    [Fact]
    public void A_level_that_was_closed_makes_room_for_another() =>
        Assert.True(JsonScanner.IsValue("[[[]],[[]],{\"a\":[[]]}]"u8, maxDepth: 4));

    private static void AssertAgrees(byte[] json) => Assert.Equal(FrameworkAccepts(json), JsonScanner.IsValue(json));

    private static bool FrameworkAccepts(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
            }

            return json.Length > 0 && reader.BytesConsumed == json.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
