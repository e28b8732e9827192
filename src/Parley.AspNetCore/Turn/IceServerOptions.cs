namespace Parley.AspNetCore;

/// <summary>A further STUN or TURN server that participants are told of, section <c>Parley:Turn:Servers:0</c> and so on.</summary>
public sealed class IceServerOptions
{
    /// <summary>Its addresses, as in <c>RTCIceServer.urls</c>: <c>turn:relay.example.org:3478?transport=udp</c>. At least one.</summary>
    public IList<string> Urls { get; } = [];

    /// <summary>The user name of a server with fixed users. Not together with <see cref="Secret"/>.</summary>
    public string? Username { get; set; }

    /// <summary>The password that belongs to <see cref="Username"/>. Every participant is told it.</summary>
    public string? Credential { get; set; }

    /// <summary>The shared secret of a server with time-limited credentials (coturn's <c>use-auth-secret</c>): each participant gets one of their own.</summary>
    public string? Secret { get; set; }
}
