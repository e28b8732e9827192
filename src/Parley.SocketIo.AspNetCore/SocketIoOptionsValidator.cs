using Microsoft.Extensions.Options;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Each setting's own range.</summary>
[OptionsValidator]
internal sealed partial class SocketIoOptionsValidator : IValidateOptions<SocketIoOptions>;

/// <summary>Rules that hold between settings.</summary>
internal sealed class SocketIoOptionsRules : IValidateOptions<SocketIoOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SocketIoOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        CheckTime(options.PingInterval, nameof(options.PingInterval), result);
        CheckTime(options.PingTimeout, nameof(options.PingTimeout), result);
        CheckTime(options.UpgradeTimeout, nameof(options.UpgradeTimeout), result);
        CheckTime(options.ConnectTimeout, nameof(options.ConnectTimeout), result);
        CheckTime(options.AttachmentTimeout, nameof(options.AttachmentTimeout), result);
        CheckTime(options.CloseTimeout, nameof(options.CloseTimeout), result);
        if (options.MaxQueuedBytes < options.MaxPayloadBytes)
        {
            result.AddError($"MaxQueuedBytes ({options.MaxQueuedBytes}) is smaller than MaxPayloadBytes ({options.MaxPayloadBytes}): raise it, or the largest message could not be relayed.");
        }

        if (!options.AllowPolling && !options.AllowWebSocket)
        {
            result.AddError("AllowPolling and AllowWebSocket are both false: allow at least one, or nobody can connect.");
        }

        if (options.AllowCredentials && options.AllowedOrigins.Contains("*"))
        {
            result.AddError("AllowCredentials does not go with the origin * in AllowedOrigins: name the origins.");
        }

        foreach (var origin in options.AllowedOrigins)
        {
            if (origin is not ("*" or "null") && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)))
            {
                result.AddError($"AllowedOrigins has '{origin}', which is no origin: write scheme, host and, if it is not the usual one, port, such as https://example.com, without a slash at the end.");
            }
        }

        return result.Build();
    }

    private static void CheckTime(TimeSpan time, string setting, ValidateOptionsResultBuilder result)
    {
        if (time < Shortest || time > Longest)
        {
            result.AddError($"{setting} is {time}: choose a time from {Shortest} to {Longest}.");
        }
    }
}
