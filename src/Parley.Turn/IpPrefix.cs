using System.Globalization;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>A range of addresses in CIDR notation, such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>.</summary>
public readonly record struct IpPrefix
{
    private IpPrefix(NetworkAddress address, int length)
    {
        Address = address;
        Length = length;
    }

    /// <summary>The first address of the range.</summary>
    public NetworkAddress Address { get; }

    /// <summary>Number of leading bits that are fixed.</summary>
    public int Length { get; }

    /// <summary>
    /// Parses an address, or an address, a slash and a length, strictly: bits beyond the length must be zero, and forms that
    /// different programs read differently (octal, missing parts, zones) are refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (!NetworkAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var length = address.Size * 8;
        if (slash >= 0)
        {
            var digits = text[(slash + 1)..];
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) || parsed > length || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }

            length = parsed;
        }

        if (Mask(address, length) != address)
        {
            return false;
        }

        prefix = new IpPrefix(address, length);
        return true;
    }

    /// <summary>Parses as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException">The text is not a prefix.</exception>
    public static IpPrefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"\"{text}\" is not an address range in CIDR notation, such as 10.0.0.0/8.");

    /// <summary>Whether an address lies in the range. Addresses of the other family never do.</summary>
    public bool Contains(in NetworkAddress address) => address.Family == Address.Family && Mask(address, Length) == Address;

    /// <summary>The notation that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"{Address}/{Length}";

    internal static NetworkAddress Mask(in NetworkAddress address, int length)
    {
        if (address.Family == AddressFamily.IPv4)
        {
            return NetworkAddress.FromIPv4(length == 0 ? 0 : (uint)address.Low & (uint.MaxValue << (32 - length)));
        }

        return NetworkAddress.FromIPv6(
            length == 0 ? 0 : address.High & (length >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - length)),
            length <= 64 ? 0 : address.Low & (ulong.MaxValue << (128 - length)));
    }
}
