namespace Parley.SocketIo.EngineIo;

public sealed partial class EngineIoSession
{
    /// <summary>
    /// A text packet from the client: a WebSocket's text message, or one packet of a POST. Says what it is; a message is for the caller to pass on.
    /// </summary>
    public EngineIoInput ReceiveText<TSink>(ReadOnlySpan<byte> packet, TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (!MayReceive(now, ref sink))
        {
            return EngineIoInput.Handled;
        }

        switch (packet.IsEmpty ? default : (EngineIoPacketType)packet[0])
        {
            case EngineIoPacketType.Message:
                return _phase == Phase.Open ? EngineIoInput.Message : EngineIoInput.Handled;
            case EngineIoPacketType.Base64:
                return _phase == Phase.Open ? EngineIoInput.Base64Message : EngineIoInput.Handled;
            case EngineIoPacketType.Pong:
                PongReceived(now);
                break;
            case EngineIoPacketType.Noop:
                break;
            case EngineIoPacketType.Close:
                Close(EngineIoCloseReason.TransportClose, now, ref sink);
                break;
            case EngineIoPacketType.Ping:
                // Since version 4 pings go from the server to the client.
                Close(EngineIoCloseReason.TransportError, now, ref sink);
                break;
            default:
                Close(EngineIoCloseReason.ParseError, now, ref sink);
                break;
        }

        return EngineIoInput.Handled;
    }

    /// <summary>A binary message from the client's WebSocket.</summary>
    public EngineIoInput ReceiveBinary<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct =>
        MayReceive(now, ref sink) && _phase == Phase.Open ? EngineIoInput.Message : EngineIoInput.Handled;

    private bool MayReceive<TSink>(TimeSpan now, ref TSink sink)
        where TSink : IEngineIoSink, allows ref struct
    {
        if (_phase == Phase.Closed)
        {
            return false;
        }

        if (!_received.TryTake(_settings.MessagesPerSecond, _settings.MessageBurst, now))
        {
            Close(EngineIoCloseReason.RateLimited, now, ref sink);
            return false;
        }

        return true;
    }
}

/// <summary>What a received packet is to the layer above.</summary>
public enum EngineIoInput
{
    /// <summary>Nothing: the session has dealt with it.</summary>
    Handled,

    /// <summary>A message: the packet without its type digit, or the whole of a binary packet.</summary>
    Message,

    /// <summary>A binary message in base64 after the letter <c>b</c>.</summary>
    Base64Message,
}
