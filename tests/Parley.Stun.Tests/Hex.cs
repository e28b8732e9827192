namespace Parley.Stun.Tests;

internal static class Hex
{
    /// <summary>Bytes from hexadecimal text; white space does not count.</summary>
    public static byte[] Bytes(string text) => Convert.FromHexString(string.Concat(text.Where(character => !char.IsWhiteSpace(character))));
}
