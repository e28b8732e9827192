using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Parley.SocketIo.AspNetCore;
using Parley.Turn;
using Parley.Turn.Hosting;

namespace Parley.AspNetCore;

/// <summary>
/// Makes the <c>iceServers</c> of a participant: this server's own STUN and TURN addresses with a credential that is good for
/// that participant until it is revoked or expires, and the further servers of the configuration.
/// </summary>
internal sealed partial class IceServerSource(TurnServer turn, IOptions<ParleyOptions> parley, IOptions<TurnOptions> options, TimeProvider time, ILogger<IceServerSource> logger)
{
    /// <summary>How long a credential is good. Hanging up takes it back earlier.</summary>
    public static readonly TimeSpan CredentialLifetime = TimeSpan.FromHours(1);

    /// <summary>When a participant who stays gets new credentials: early enough for an ICE restart with them before the old ones end.</summary>
    public static readonly TimeSpan RefreshAfter = CredentialLifetime / 2;

    private readonly bool _relays = options.Value.Enabled;

    /// <summary>What a participant may use.</summary>
    /// <param name="user">Who: the unit of quotas and of revocation. Names one stay in a room.</param>
    /// <param name="handshake">How the participant reached this server, which is how the relay is reached as well.</param>
    public IReadOnlyList<IceServer> For(string user, SocketIoHandshake handshake)
    {
        var expiry = time.GetUtcNow() + CredentialLifetime;
        var servers = new List<IceServer>();
        if (_relays && PublicAddress(handshake) is { } address)
        {
            var credential = TimeLimitedCredential.Mint(turn.Secret, user, expiry);
            servers.AddRange(Own(address, credential));
        }

        foreach (var server in parley.Value.Turn.Servers)
        {
            var minted = server.Secret is { } secret ? TimeLimitedCredential.Mint(secret, user, expiry) : default;
            servers.Add(new IceServer([.. server.Urls], minted.Username ?? server.Username, minted.Password ?? server.Credential));
        }

        return servers;
    }

    /// <summary>Ends what a user has allocated, and every credential that was handed out. Does not wait for it. The user must not be told of relays again.</summary>
    public async void Revoke(string user)
    {
        if (!_relays)
        {
            return;
        }

        try
        {
            // Beyond any credential, one included that a refresh makes at this very moment.
            await turn.RevokeAsync(user, time.GetUtcNow() + (2 * CredentialLifetime));
        }
        catch (Exception ex)
        {
            // Nobody waits for this; the credentials expire in any case.
            Log.RevocationFailed(logger, ex);
        }
    }

    private IEnumerable<IceServer> Own(Uri address, TimeLimitedCredential credential)
    {
        var host = address.HostNameType == UriHostNameType.IPv6 ? $"[{address.DnsSafeHost}]" : address.DnsSafeHost;
        var port = turn.EndPoints.Count > 0 ? turn.EndPoints[0].Port : options.Value.Port;
        yield return new IceServer([Url("stun", host, port, null)], null, null);

        // UDP first; then the web server's own port, which is open wherever the page could be loaded.
        List<string> urls = [Url("turn", host, port, "udp")];
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            urls.Add(Url("turn", host, port, "tcp"));
            urls.Add(Url("turns", host, address.Port, "tcp"));
        }
        else
        {
            urls.Add(Url("turn", host, address.Port, "tcp"));
        }

        yield return new IceServer(urls, credential.Username, credential.Password);
    }

    private static string Url(string scheme, string host, int port, string? transport) =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}:{host}:{port}") + (transport is null ? "" : $"?transport={transport}");

    private Uri? PublicAddress(SocketIoHandshake handshake)
    {
        if (parley.Value.PublicUrl is { } configured)
        {
            return configured;
        }

        var host = handshake.Headers.FirstOrDefault(header => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value;
        var scheme = handshake.IsSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return Uri.TryCreate($"{scheme}://{host}", UriKind.Absolute, out var address) ? address : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The relay did not take back the credentials of a participant who left", EventName = "RevocationFailed")]
        public static partial void RevocationFailed(ILogger logger, Exception exception);
    }
}

/// <summary>An entry of <c>RTCConfiguration.iceServers</c>.</summary>
internal sealed record IceServer(IReadOnlyList<string> Urls, string? Username, string? Credential);
