using System.ComponentModel.DataAnnotations;
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
        CheckRanges(options, mistakes);
        CheckPorts(options, mistakes);
        foreach (var (index, text) in options.Listen.Index())
        {
            if (!IPAddress.TryParse(text, out _))
            {
                mistakes.Add($"{Section}:Listen:{index} is \"{text}\", which is not an IP address. Write an address of this host, such as 192.0.2.1, or 0.0.0.0 for all.");
            }
        }

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

    private static void CheckRanges(TurnOptions options, List<string> mistakes)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var key = string.Join(", ", result.MemberNames);
            mistakes.Add($"{Section}:{key} is not possible: {result.ErrorMessage} Correct it, or remove it for the default.");
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
