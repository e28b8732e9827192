using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Parley.Turn.Hosting;

namespace Parley.AspNetCore;

/// <summary>Finds every mistake in the configuration at once; each message names the key and a fix.</summary>
internal sealed class ParleyOptionsValidator(IConfiguration configuration) : IValidateOptions<ParleyOptions>
{
    // A star stands for a name or number that the operator chooses.
    private static readonly string[] Keys =
    [
        nameof(ParleyOptions.PublicUrl),
        .. Below(nameof(ParleyOptions.Rooms), nameof(RoomOptions.ResumeWindow), nameof(RoomOptions.TicketKey)),
        .. Below(nameof(ParleyOptions.Turn),
            nameof(TurnOptions.Enabled), nameof(TurnOptions.Listen), nameof(TurnOptions.Listen) + ":*", nameof(TurnOptions.Port),
            nameof(TurnOptions.RelayAddress), nameof(TurnOptions.PublicAddress), nameof(TurnOptions.RelayPortMin), nameof(TurnOptions.RelayPortMax),
            nameof(TurnOptions.Realm), nameof(TurnOptions.Secret), nameof(TurnOptions.Users), nameof(TurnOptions.Users) + ":*",
            nameof(TurnOptions.AllowPrivatePeers), nameof(TurnOptions.AllowedPeers), nameof(TurnOptions.AllowedPeers) + ":*",
            nameof(TurnOptions.DeniedPeers), nameof(TurnOptions.DeniedPeers) + ":*", nameof(TurnOptions.AllocationLifetime), nameof(TurnOptions.MaxAllocations), nameof(TurnOptions.MaxAllocationsPerUser),
            nameof(TurnOptions.MaxAllocationsPerClientAddress), nameof(TurnOptions.MaxPacketsPerSecond), nameof(TurnOptions.MaxBytesPerSecond),
            nameof(TurnOptions.MaxUnauthenticatedRepliesPerSecond), nameof(TurnOptions.Threads), nameof(TurnOptions.UsePortableEngine),
            nameof(TurnOptions.StreamQueueBytes), nameof(TurnOptions.StreamQueueAge), nameof(TurnOptions.StreamIdleTimeout),
            nameof(TurnOptions.MaxStreams), nameof(TurnOptions.MaxStreamsPerClientAddress)),
        .. Below("Turn:Servers"),
        .. Below("Turn:Servers:*", nameof(IceServerOptions.Urls), nameof(IceServerOptions.Urls) + ":*",
            nameof(IceServerOptions.Username), nameof(IceServerOptions.Credential), nameof(IceServerOptions.Secret)),
    ];

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

        for (var i = 0; i < options.Turn.Servers.Count; i++)
        {
            var server = options.Turn.Servers[i];
            if (server.Urls.Count == 0 || server.Urls.Any(url => !url.StartsWith("stun:", StringComparison.Ordinal) && !url.StartsWith("stuns:", StringComparison.Ordinal)
                && !url.StartsWith("turn:", StringComparison.Ordinal) && !url.StartsWith("turns:", StringComparison.Ordinal)))
            {
                mistakes.Add($"Parley:Turn:Servers:{i}:Urls needs addresses that begin with stun:, stuns:, turn: or turns:, such as turn:relay.example.org:3478?transport=udp.");
            }

            if ((server.Username is null) != (server.Credential is null) || (server.Secret is not null && server.Username is not null))
            {
                mistakes.Add($"Parley:Turn:Servers:{i} needs Username and Credential together, or Secret alone, or none of them for a STUN server.");
            }
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> UnknownKeys(IConfigurationSection section, string prefix)
    {
        foreach (var child in section.GetChildren())
        {
            var key = prefix + child.Key;
            if (!Keys.Any(known => Matches(known, key)))
            {
                yield return $"Parley:{key} is not a setting of Parley: correct it or remove it. Settings at that place: {string.Join(", ", Siblings(prefix))}.";
                continue;
            }

            foreach (var mistake in UnknownKeys(child, key + ":"))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<string> Below(string group, params string[] keys) => [group, .. keys.Select(key => $"{group}:{key}")];

    private static IEnumerable<string> Siblings(string prefix) =>
        Keys.Where(known => known.Count(c => c == ':') == prefix.Count(c => c == ':') && Matches(known[..(known.LastIndexOf(':') + 1)], prefix)).Select(known => "Parley:" + known);

    private static bool Matches(string known, string key)
    {
        var expected = known.Split(':');
        var actual = key.Split(':');
        return expected.Length == actual.Length && expected.Zip(actual).All(pair => pair.First == "*" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }
}
