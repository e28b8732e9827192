using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Parley.Turn.Hosting;

/// <summary>Finds every mistake in the configuration; each message names the key and a fix.</summary>
internal sealed class TurnOptionsValidator : IValidateOptions<TurnOptions>
{
    private const string Section = TurnOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, TurnOptions options)
    {
        if (!options.Enabled)
        {
            return ValidateOptionsResult.Success;
        }

        var mistakes = new List<string>();
        CheckValues(options, mistakes);
        CheckPorts(options, mistakes);
        foreach (var (index, text) in options.Listen.Index())
        {
            if (!IPAddress.TryParse(text, out _))
            {
                mistakes.Add($"{Section}:Listen:{index} is \"{text}\", which is not an IP address. Write an address of this host, such as 192.0.2.1, or 0.0.0.0 for all.");
            }
        }

        CheckRanges(options.AllowedPeers, nameof(options.AllowedPeers), mistakes);
        CheckRanges(options.DeniedPeers, nameof(options.DeniedPeers), mistakes);
        CheckAddresses(options.RelayAddress, $"{Section}:RelayAddress", "an address of this host", mistakes);
        CheckAddresses(options.PublicAddress, $"{Section}:PublicAddress", "the address that the NAT in front of this host forwards from", mistakes);
        foreach (var (user, password) in options.Users)
        {
            if (string.IsNullOrEmpty(password))
            {
                mistakes.Add($"{Section}:Users:{user} has no password. Give it one, or remove the user.");
            }
        }

        if (options.Secret is { Length: 0 })
        {
            mistakes.Add($"{Section}:Secret is empty. Remove it for a random one, or write a long random text.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    // By hand, since attributes would be read by reflection, which an ahead-of-time compiled program does without.
    private static void CheckValues(TurnOptions options, List<string> mistakes)
    {
        Check(options.RelayPortMin, 1024, 65535, nameof(options.RelayPortMin), mistakes);
        Check(options.RelayPortMax, 1024, 65535, nameof(options.RelayPortMax), mistakes);
        Check(options.AllocationLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(options.AllocationLifetime), mistakes);
        Check(options.MaxAllocations, 1, 65536, nameof(options.MaxAllocations), mistakes);
        Check(options.MaxAllocationsPerUser, 1, 65536, nameof(options.MaxAllocationsPerUser), mistakes);
        Check(options.MaxAllocationsPerClientAddress, 1, 65536, nameof(options.MaxAllocationsPerClientAddress), mistakes);
        Check(options.MaxPacketsPerSecond, 0, int.MaxValue, nameof(options.MaxPacketsPerSecond), mistakes);
        Check(options.MaxBytesPerSecond, 0, long.MaxValue, nameof(options.MaxBytesPerSecond), mistakes);
        Check(options.MaxUnauthenticatedRepliesPerSecond, 0, int.MaxValue, nameof(options.MaxUnauthenticatedRepliesPerSecond), mistakes);
        Check(options.Threads, 0, 256, nameof(options.Threads), mistakes);
        Check(options.StreamQueueBytes, 16 * 1024, 16 * 1024 * 1024, nameof(options.StreamQueueBytes), mistakes);
        Check(options.StreamQueueAge, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(10), nameof(options.StreamQueueAge), mistakes);
        Check(options.StreamIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(options.StreamIdleTimeout), mistakes);
        Check(options.MaxStreams, 1, 1_000_000, nameof(options.MaxStreams), mistakes);
        Check(options.MaxStreamsPerClientAddress, 1, 1_000_000, nameof(options.MaxStreamsPerClientAddress), mistakes);
        if (string.IsNullOrEmpty(options.Realm))
        {
            mistakes.Add($"{Section}:Realm is not possible: it is empty. Write a name, or remove it for the default.");
        }
    }

    private static void Check<T>(T value, T min, T max, string key, List<string> mistakes)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is not possible: {value} does not lie between {min} and {max}. Correct it, or remove it for the default."));
        }
    }

    private static void CheckRanges(IList<string> ranges, string key, List<string> mistakes)
    {
        foreach (var (index, range) in ranges.Index())
        {
            if (!IpPrefix.TryParse(range, out _))
            {
                mistakes.Add($"{Section}:{key}:{index} is \"{range}\", which is not a range of addresses. Write it in CIDR notation, with zeroes behind the prefix, such as 10.1.2.0/24.");
            }
        }
    }

    private static void CheckPorts(TurnOptions options, List<string> mistakes)
    {
        if (options.Port is < 0 or > 65535)
        {
            mistakes.Add($"{Section}:Port is {options.Port}. Write a port from 1 to 65535; the usual one is 3478.");
        }

        if (options.RelayPortMin > options.RelayPortMax)
        {
            mistakes.Add($"{Section}:RelayPortMin is {options.RelayPortMin} and above RelayPortMax, {options.RelayPortMax}. Exchange them.");
        }
        else if (options.Port >= options.RelayPortMin && options.Port <= options.RelayPortMax)
        {
            mistakes.Add($"{Section}:Port is {options.Port}, which lies in the range of relay ports, {options.RelayPortMin} to {options.RelayPortMax}. Choose one outside.");
        }
    }

    private static void CheckAddresses(string? text, string key, string meaning, List<string> mistakes)
    {
        if (text is null)
        {
            return;
        }

        var addresses = new List<IPAddress>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!IPAddress.TryParse(part, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            {
                mistakes.Add($"{key} has \"{part}\". Write {meaning}, such as 203.0.113.7; one per family, separated by a comma.");
                return;
            }

            addresses.Add(address);
        }

        if (addresses.Count(address => address.AddressFamily == AddressFamily.InterNetwork) > 1 || addresses.Count > 2)
        {
            mistakes.Add($"{key} has more than one address of a family. Keep one IPv4 address, one IPv6 address, or one of each.");
        }
    }
}
