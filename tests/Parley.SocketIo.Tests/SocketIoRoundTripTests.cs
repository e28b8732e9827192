using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Parley.SocketIo.Tests;

/// <summary>What the writer writes, the parser reads as the same.</summary>
public sealed class SocketIoRoundTripTests
{
    /// <summary>An event or ack with anything in it.</summary>
    public sealed record Sample(string Namespace, long AckId, string Name, string[] Json, byte[][] Attachments);

    [Property(MaxTest = 1000, Arbitrary = [typeof(Samples)])]
    public void An_event_is_read_as_it_was_written(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        SocketIoArgument[] arguments = [.. sample.Json.Select(json => SocketIoArgument.RawJson(Encoding.UTF8.GetBytes(json))), .. sample.Attachments.Select(data => SocketIoArgument.Binary(data))];
        var frames = SocketIoPacketWriter.Event(sample.Namespace, sample.AckId, sample.Name, arguments);

        var text = frames.Text.Bytes.Span[1..];
        Assert.Equal(SocketIoParseStatus.Ok, SocketIoPacketParser.Parse(text, 64, 10, out var packet));
        Assert.Equal(sample.Namespace, packet.Namespace.Length == 0 ? "/" : Encoding.UTF8.GetString(packet.Namespace.Of(text)));
        Assert.Equal(sample.AckId, packet.AckId);
        Assert.Equal(sample.Name, JsonSerializer.Deserialize<string>(packet.Name.Of(text)));
        Assert.Equal(arguments.Length, packet.ArgumentCount);
        for (var i = 0; i < sample.Json.Length; i++)
        {
            Assert.Equal(sample.Json[i], Encoding.UTF8.GetString(packet.GetArgument(text, i).Of(text)));
        }

        Assert.Equal(sample.Attachments.Length, packet.AttachmentCount);
        Assert.Equal(sample.Attachments, frames.Attachments.Select(frame => frame.Bytes.ToArray()));
    }

    [Property(MaxTest = 1000)]
    public void A_string_is_read_as_it_was_written(string? text)
    {
        SocketIoArgument argument = text;
        var read = JsonSerializer.Deserialize<string>(argument.Json.Span);
        Assert.Equal(text is null ? null : Clean(text), read);
    }

    [Property(MaxTest = 1000)]
    public void A_number_is_read_as_it_was_written(double number, long whole)
    {
        SocketIoArgument argument = number;
        Assert.Equal(double.IsFinite(number) ? number : null, JsonSerializer.Deserialize<double?>(argument.Json.Span));
        SocketIoArgument wholeArgument = whole;
        Assert.Equal(whole, JsonSerializer.Deserialize<long>(wholeArgument.Json.Span));
    }

    [Property(MaxTest = 1000)]
    public void A_string_that_the_framework_wrote_is_read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var json = JsonSerializer.SerializeToUtf8Bytes(text);
        Assert.Equal(Clean(text), Json.JsonText.Unescape(json.AsSpan(1, json.Length - 2)));
    }

    [Theory]
    [InlineData("\\ud83d\\ude00", "😀")]
    [InlineData("\\ud83d", "\ufffd")]
    [InlineData("\\ude00\\ud83d!", "\ufffd\ufffd!")]
    [InlineData("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t")]
    public void Escapes_are_undone_and_lone_surrogates_replaced(string inner, string text) => Assert.Equal(text, Json.JsonText.Unescape(Encoding.UTF8.GetBytes(inner)));

    // FsCheck's strings may hold lone surrogates, which UTF-8 does not have.
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    internal static class Samples
    {
        public static Arbitrary<Sample> Sample()
        {
            var name = ArbMap.Default.GeneratorFor<string>().Select(text => Clean(text ?? "")).Where(text => !SocketIoEventNames.IsReserved(text));
            var json = Gen.OneOf(
                ArbMap.Default.GeneratorFor<string>().Select(text => JsonSerializer.Serialize(text)),
                ArbMap.Default.GeneratorFor<int>().Select(number => JsonSerializer.Serialize(number)),
                ArbMap.Default.GeneratorFor<Dictionary<string, int[]>>().Select(value => JsonSerializer.Serialize(value)),
                Gen.Elements("null", "true", "[[[]],{}]", "{ \"b\":1.0, \"a\":{\"_placeholder\":false,\"num\":3} }"));
            return (from ns in Gen.Elements("/", "/admin", "/ü-😀")
                    from ackId in Gen.Elements(-1L, 0L, 42L, (1L << 53) - 1)
                    from eventName in name
                    from arguments in Gen.ArrayOf(json)
                    from count in Gen.Choose(0, 10)
                    from attachments in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte[]>().Select(data => data ?? []), count)
                    select new Sample(ns, ackId, eventName, arguments, attachments)).ToArbitrary();
        }
    }
}
