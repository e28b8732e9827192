using System.Net;
using System.Security.Claims;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Parley.SocketIo.AspNetCore;

/// <summary>What a client brought along when it connected: a copy, valid as long as anybody holds it.</summary>
public sealed class SocketIoHandshake
{
    private static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());
    private static readonly byte[] NoAuth = "{}"u8.ToArray();

    private readonly string _query;
    private readonly KeyValuePair<string, string>[] _headers;

    internal SocketIoHandshake(HttpContext context, IList<string> headerNames, DateTimeOffset time)
    {
        _query = context.Request.QueryString.Value ?? "";
        _headers = [.. headerNames
            .Select(name => KeyValuePair.Create(name, context.Request.Headers[name].ToString()))
            .Where(header => header.Value.Length > 0)];
        IsSecure = context.Request.IsHttps;
        Time = time;
        Auth = NoAuth;

        // Asked of the features: what HttpContext makes of them it keeps for as long as the connection lasts, a user where there is none included.
        RemoteAddress = context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
        User = context.Features.Get<IHttpAuthenticationFeature>()?.User is { Identity.IsAuthenticated: true } user ? user : Anonymous;
    }

    private SocketIoHandshake(SocketIoHandshake connection, ReadOnlyMemory<byte> auth)
    {
        _query = connection._query;
        _headers = connection._headers;
        RemoteAddress = connection.RemoteAddress;
        User = connection.User;
        IsSecure = connection.IsSecure;
        Time = connection.Time;
        Auth = auth;
    }

    /// <summary>The query of the first request, the protocol's own parameters included. Read anew at each call.</summary>
    public IReadOnlyDictionary<string, StringValues> Query => QueryHelpers.ParseQuery(_query);

    /// <summary>The headers of the first request that <see cref="SocketIoOptions.HandshakeHeaders"/> names and the client sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>The client's <c>auth</c> as JSON in UTF-8, an object; <c>{}</c> if it gave none.</summary>
    public ReadOnlyMemory<byte> Auth { get; }

    /// <summary>The client's address as the web server sees it: a proxy's, unless the application uses forwarded headers.</summary>
    public IPAddress? RemoteAddress { get; }

    /// <summary>Who the client is to ASP.NET Core's authentication. Not authenticated if there is none.</summary>
    public ClaimsPrincipal User { get; }

    /// <summary>Whether the first request came by HTTPS.</summary>
    public bool IsSecure { get; }

    /// <summary>When the connection was opened.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Reads <see cref="Auth"/> as a type of yours. False if it is not of that shape.</summary>
    public bool TryGetAuth<T>(JsonTypeInfo<T> typeInfo, out T? auth) =>
        ReceivedJson.TryDeserialize(Auth, typeInfo, out auth) && auth is not null;

    internal SocketIoHandshake WithAuth(ReadOnlySpan<byte> auth) => auth.IsEmpty || auth.SequenceEqual(NoAuth) ? this : new SocketIoHandshake(this, auth.ToArray());
}
