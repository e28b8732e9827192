using System.Globalization;
using System.Text;

namespace Parley.Signaling;

/// <summary>The rule for names of rooms: 1 to 64 letters, digits and <c>- _ . ~</c>, in any script.</summary>
public static class RoomName
{
    /// <summary>The most characters (UTF-16 units) a name may have.</summary>
    public const int MaxLength = 64;

    /// <summary>True for a name that people can type, send and put into an address without surprises.</summary>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxLength)
        {
            return false;
        }

        foreach (var rune in name.EnumerateRunes())
        {
            if (!IsAllowed(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAllowed(Rune rune) => rune.Value is '-' or '_' or '.' or '~' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;
}
