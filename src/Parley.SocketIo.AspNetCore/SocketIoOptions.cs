using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Settings of a Socket.IO server. They are read once, when the server is mapped.</summary>
public sealed class SocketIoOptions
{
    /// <summary>Time from a client's pong to the next ping. Defaults to 25 s, below the 60 s after which many proxies cut a quiet connection.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Time a client has for its pong. Defaults to 20 s. With <see cref="PingInterval"/> it is how long a dead client goes unnoticed.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time a WebSocket has to take over a polling session. Defaults to 10 s.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time a client has to join a namespace after it has opened a connection. Defaults to 45 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Time in which the attachments of a packet must come. Defaults to 10 s.</summary>
    public TimeSpan AttachmentTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time in which a closing WebSocket must take what is queued and say goodbye; after it the connection is cut. Defaults to 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes in one message, attachments included, and in one POST. Told to clients. Defaults to 1,000,000.</summary>
    [Range(1024, 1 << 30)]
    public int MaxPayloadBytes { get; set; } = 1_000_000;

    /// <summary>
    /// Most bytes that may wait for one client to take them, at least <see cref="MaxPayloadBytes"/>. One more closes the connection. Defaults to 2 MiB, room for two of the largest messages.
    /// </summary>
    [Range(1024, 1 << 30)]
    public int MaxQueuedBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// Most bytes of events that wait for a client's earlier events to be handled. Beyond it nothing more is read from that client until its handlers
    /// have caught up. Defaults to 262,144.
    /// </summary>
    [Range(1024, 1 << 30)]
    public int MaxUnhandledBytes { get; set; } = 256 * 1024;

    /// <summary>Packets that one client may send per second, over time; more closes the connection. Zero is no limit. Defaults to 500.</summary>
    [Range(0, int.MaxValue)]
    public int MessagesPerSecond { get; set; } = 500;

    /// <summary>Packets that one client may send at once. Defaults to 1,000.</summary>
    [Range(1, int.MaxValue)]
    public int MessageBurst { get; set; } = 1000;

    /// <summary>Most connections at one time; more are refused with status 503. Zero is no limit, the default.</summary>
    [Range(0, int.MaxValue)]
    public int MaxConnections { get; set; }

    /// <summary>
    /// Most connections at one time from one address (for IPv6 from one /64 network); more are refused with status 429. Zero is no limit. Defaults to 200.
    /// Behind a proxy all clients seem to have its address unless the application uses forwarded headers.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxConnectionsPerAddress { get; set; } = 200;

    /// <summary>Handshakes that one address may begin per minute, all of them at once if it likes; more are refused with status 429. Zero is no limit. Defaults to 600.</summary>
    [Range(0, int.MaxValue)]
    public int HandshakesPerAddressPerMinute { get; set; } = 600;

    /// <summary>
    /// Whether the limits per address hold for loopback addresses too. Defaults to false, because a proxy on the same machine connects from there.
    /// </summary>
    public bool LimitLoopbackAddresses { get; set; }

    /// <summary>Most namespaces a client is in at one time. One more is refused with a connect error. Defaults to 10.</summary>
    [Range(1, 10_000)]
    public int MaxNamespacesPerConnection { get; set; } = 10;

    /// <summary>Deepest nesting of received JSON, the array around an event's arguments included. Defaults to 64, which is also the most.</summary>
    [Range(2, 64)]
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>Whether clients may use HTTP long-polling. Defaults to true.</summary>
    public bool AllowPolling { get; set; } = true;

    /// <summary>Whether clients may use WebSockets, from the start or by upgrade. Defaults to true.</summary>
    public bool AllowWebSocket { get; set; } = true;

    /// <summary>Whether a client that has begun with polling may move to a WebSocket. Defaults to true.</summary>
    public bool AllowUpgrade { get; set; } = true;

    /// <summary>
    /// Origins, besides the server's own, from which browsers may connect, such as <c>https://example.com</c>; <c>*</c> alone means any. Defaults to none:
    /// pages of other sites are refused on both transports. Clients that send no Origin header are no browsers and not held back.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether browsers may send cookies and other credentials from <see cref="AllowedOrigins"/>. Not possible with <c>*</c>. Defaults to false.</summary>
    public bool AllowCredentials { get; set; }

    /// <summary>Decides about a new connection, after the checks of the protocol. Null, the default, lets everybody in. A text refuses, and is told to the client.</summary>
    public Func<HttpContext, ValueTask<string?>>? AllowRequest { get; set; }

    /// <summary>Name of a cookie that carries the session's id, for load balancers that route by cookie. Null, the default, sets none.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{1,64}")]
    public string? CookieName { get; set; }

    /// <summary>Name of this node, put before each session id as <c>name.</c> so that a load balancer can route by it. Null, the default, leaves it out.</summary>
    [RegularExpression("[A-Za-z0-9_-]{1,64}")]
    public string? NodeName { get; set; }

    /// <summary>Answers to polling GETs of at least so many bytes are compressed for clients that can read it. Null compresses none. Defaults to 1,024.</summary>
    [Range(0, int.MaxValue)]
    public int? CompressPollsFromBytes { get; set; } = 1024;

    /// <summary>Whether the browser client is served beside the endpoint, as <c>socket.io.js</c> and its variants. Defaults to true.</summary>
    public bool ServeClient { get; set; } = true;

    /// <summary>Names of request headers to keep in <see cref="SocketIoHandshake.Headers"/>. Each costs memory for as long as the connection lasts. Defaults to Origin and User-Agent.</summary>
    public IList<string> HandshakeHeaders { get; } = ["Origin", "User-Agent"];

    internal EngineIoSettings ToEngineIoSettings() => new()
    {
        PingInterval = PingInterval,
        PingTimeout = PingTimeout,
        UpgradeTimeout = UpgradeTimeout,
        CloseTimeout = CloseTimeout,
        MaxPayloadBytes = MaxPayloadBytes,
        MaxQueuedBytes = MaxQueuedBytes,
        MessagesPerSecond = MessagesPerSecond,
        MessageBurst = MessageBurst,
        AllowUpgrade = AllowWebSocket && AllowUpgrade,
    };

    internal SocketIoSettings ToSocketIoSettings() => new()
    {
        ConnectTimeout = ConnectTimeout,
        AttachmentTimeout = AttachmentTimeout,
        MaxPayloadBytes = MaxPayloadBytes,
        MaxNamespaces = MaxNamespacesPerConnection,
        MaxDepth = MaxJsonDepth,
    };
}
