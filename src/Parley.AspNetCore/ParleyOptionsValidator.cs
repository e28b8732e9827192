using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Parley.AspNetCore;

/// <summary>Finds every mistake in the configuration at once; each message names the key and a fix.</summary>
internal sealed class ParleyOptionsValidator(IConfiguration configuration) : IValidateOptions<ParleyOptions>
{
    private static readonly string[] Keys = ["PublicUrl", "Rooms", "Rooms:ResumeWindow", "Rooms:TicketKey"];

    public ValidateOptionsResult Validate(string? name, ParleyOptions options)
    {
        List<string> mistakes = [.. UnknownKeys(configuration.GetSection(ParleyOptions.SectionName), string.Empty)];
        if (options.PublicUrl is { } url && (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)))
        {
            mistakes.Add($"Parley:PublicUrl is '{url}', which is no web address: set it to the address that people open, such as https://call.example.org.");
        }

        if (options.Rooms.ResumeWindow < TimeSpan.Zero || options.Rooms.ResumeWindow > TimeSpan.FromHours(1))
        {
            mistakes.Add($"Parley:Rooms:ResumeWindow is {options.Rooms.ResumeWindow:c}: set it between 00:00:00 and 01:00:00, such as 00:00:30.");
        }

        if (options.Rooms.TicketKey is { Length: < 16 })
        {
            mistakes.Add("Parley:Rooms:TicketKey is shorter than 16 characters: set it to a long random text, or leave it out for a random key at each start.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> UnknownKeys(IConfigurationSection section, string prefix)
    {
        foreach (var child in section.GetChildren())
        {
            var key = prefix + child.Key;
            if (!Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"Parley:{key} is not a setting of Parley: correct it or remove it. The settings here are {string.Join(", ", Keys.Where(known => !IsGroup(known)).Select(known => "Parley:" + known))}.";
                continue;
            }

            foreach (var mistake in UnknownKeys(child, key + ":"))
            {
                yield return mistake;
            }
        }
    }

    private static bool IsGroup(string key) => Keys.Any(other => other.StartsWith(key + ":", StringComparison.Ordinal));
}
