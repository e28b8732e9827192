using System.Diagnostics.Metrics;
using Parley.SocketIo.EngineIo;

namespace Parley.SocketIo.AspNetCore;

/// <summary>The instruments of the meter <c>Parley.SocketIo</c>.</summary>
internal sealed class SocketIoMetrics
{
    private readonly UpDownCounter<long> _connections;
    private readonly UpDownCounter<long> _sockets;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _upgrades;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _receivedBytes;
    private readonly Counter<long> _limited;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _handlerErrors;

    public SocketIoMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("Parley.SocketIo");
        _connections = meter.CreateUpDownCounter<long>("socketio.connections", "{connection}", "Open Engine.IO connections.");
        _sockets = meter.CreateUpDownCounter<long>("socketio.sockets", "{socket}", "Clients in a namespace.");
        _opened = meter.CreateCounter<long>("socketio.connections.opened", "{connection}", "Connections opened, by transport.");
        _closed = meter.CreateCounter<long>("socketio.connections.closed", "{connection}", "Connections ended, by reason.");
        _upgrades = meter.CreateCounter<long>("socketio.upgrades", "{upgrade}", "Connections that moved from polling to a WebSocket.");
        _sent = meter.CreateCounter<long>("socketio.messages.sent", "{message}", "Packets sent or queued to clients.");
        _received = meter.CreateCounter<long>("socketio.messages.received", "{message}", "Packets received from clients.");
        _receivedBytes = meter.CreateCounter<long>("socketio.bytes.received", "By", "Bytes of the packets received from clients.");
        _limited = meter.CreateCounter<long>("socketio.limits", "{hit}", "Times a limit refused or closed something, by limit.");
        _refused = meter.CreateCounter<long>("socketio.requests.refused", "{request}", "HTTP requests refused, by protocol error.");
        _handlerErrors = meter.CreateCounter<long>("socketio.handler.errors", "{error}", "Exceptions that came out of the application's handlers.");
    }

    public void ConnectionOpened(EngineIoTransport transport)
    {
        _connections.Add(1);
        _opened.Add(1, Tag("transport", transport == EngineIoTransport.Polling ? "polling" : "websocket"));
    }

    public void ConnectionClosed(EngineIoCloseReason reason)
    {
        _connections.Add(-1);
        _closed.Add(1, Tag("reason", reason.ToText()));
        switch (reason)
        {
            case EngineIoCloseReason.MessageTooLarge:
                LimitHit(SocketIoLimit.MessageBytes);
                break;
            case EngineIoCloseReason.RateLimited:
                LimitHit(SocketIoLimit.MessageRate);
                break;
            case EngineIoCloseReason.SlowConsumer:
                LimitHit(SocketIoLimit.QueuedBytes);
                break;
        }
    }

    public void SocketOpened() => _sockets.Add(1);

    public void SocketClosed() => _sockets.Add(-1);

    public void Upgraded() => _upgrades.Add(1);

    public void Sent(int packets) => _sent.Add(packets);

    public void Received(int bytes)
    {
        _received.Add(1);
        _receivedBytes.Add(bytes);
    }

    public void RequestRefused(EngineIoError error) => _refused.Add(1, Tag("error.type", error.Message()));

    public void LimitHit(string limit) => _limited.Add(1, Tag("limit", limit));

    public void HandlerFailed() => _handlerErrors.Add(1);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

/// <summary>The limits as they are called in metrics.</summary>
internal static class SocketIoLimit
{
    public const string MessageBytes = "message_bytes";
    public const string MessageRate = "message_rate";
    public const string QueuedBytes = "queued_bytes";
    public const string UnhandledBytes = "unhandled_bytes";
    public const string Connections = "connections";
    public const string AddressConnections = "address_connections";
    public const string AddressHandshakes = "address_handshakes";
    public const string Namespaces = "namespaces";
    public const string ConnectTime = "connect_time";
    public const string AttachmentTime = "attachment_time";
    public const string UpgradeTime = "upgrade_time";
    public const string Attachments = "attachments";
    public const string JsonDepth = "json_depth";
}
