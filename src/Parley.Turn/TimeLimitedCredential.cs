using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Turn;

/// <summary>
/// A username and password that a server and whoever shares its secret can both make, and that expire by themselves. The scheme
/// of coturn's <c>use-auth-secret</c>: the username is <c>expiry:user</c> or <c>expiry</c> in Unix seconds, the password is
/// <c>base64(HMAC-SHA1(secret, username))</c>.
/// </summary>
/// <param name="Username">For <c>RTCIceServer.username</c>.</param>
/// <param name="Password">For <c>RTCIceServer.credential</c>.</param>
public readonly record struct TimeLimitedCredential(string Username, string Password)
{
    /// <summary>Size in bytes of a password.</summary>
    internal const int PasswordSize = 28;

    /// <summary>Makes a credential.</summary>
    /// <param name="secret">One of <see cref="TurnSettings.Secrets"/>.</param>
    /// <param name="user">Who it is for: the unit of quotas and revocation. May contain colons; empty leaves it out.</param>
    /// <param name="expiry">Until when the server accepts it; whole seconds count.</param>
    public static TimeLimitedCredential Mint(string secret, string user, DateTimeOffset expiry)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        ArgumentNullException.ThrowIfNull(user);
        var seconds = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var username = user.Length == 0 ? seconds : $"{seconds}:{user}";

        Span<byte> password = stackalloc byte[PasswordSize];
        WritePassword(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username), password);
        return new(username, Encoding.ASCII.GetString(password));
    }

    /// <summary>
    /// Reads expiry and user from a username. As in coturn, the expiry may also stand behind the first colon
    /// (<c>user:expiry</c>) if what precedes it is no number.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> username, out long expiry, out ReadOnlySpan<byte> user)
    {
        var colon = username.IndexOf((byte)':');
        user = default;
        if (colon < 0)
        {
            return TryReadNumber(username, out expiry);
        }

        if (TryReadNumber(username[..colon], out expiry))
        {
            user = username[(colon + 1)..];
            return true;
        }

        user = username[..colon];
        return TryReadNumber(username[(colon + 1)..], out expiry);
    }

    internal static void WritePassword(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> username, Span<byte> password)
    {
        Span<byte> mac = stackalloc byte[20];
#pragma warning disable CA5350 // The scheme that coturn and every issuer for it share; HMAC-SHA1 is not broken as a MAC.
        HMACSHA1.HashData(secret, username, mac);
#pragma warning restore CA5350
        System.Buffers.Text.Base64.EncodeToUtf8(mac, password, out _, out _);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        return digits.Length is > 0 and <= 12 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') &&
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
