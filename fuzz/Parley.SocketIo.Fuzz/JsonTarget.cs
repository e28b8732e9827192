using System.Text.Json;
using Parley.SocketIo.Json;

namespace Parley.SocketIo.Fuzz;

/// <summary>Our scanner must accept what the framework's reader accepts, and nothing else.</summary>
internal static class JsonTarget
{
    public static void Run(byte[] input)
    {
        var accepted = JsonScanner.IsValue(input);
        Require.That(accepted == FrameworkAccepts(input), $"We say {accepted}, the framework the opposite.");
    }

    public static bool FrameworkAccepts(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonScanner.DeepestNesting });
            while (reader.Read())
            {
            }

            return reader.BytesConsumed == json.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
