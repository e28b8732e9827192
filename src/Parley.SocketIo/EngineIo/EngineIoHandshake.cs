using System.Globalization;
using System.Text;

namespace Parley.SocketIo.EngineIo;

/// <summary>Writes the packet that opens a session.</summary>
public static class EngineIoHandshake
{
    /// <summary>The open packet: exactly the keys <c>sid</c>, <c>upgrades</c>, <c>pingInterval</c>, <c>pingTimeout</c> and <c>maxPayload</c>.</summary>
    /// <param name="sid">The session's id, of characters that need no escape in JSON.</param>
    /// <param name="offerWebSocket">Whether the client may upgrade to a WebSocket.</param>
    /// <param name="settings">The server's settings.</param>
    public static EngineIoFrame Open(string sid, bool offerWebSocket, EngineIoSettings settings)
    {
        var upgrades = offerWebSocket ? "\"websocket\"" : "";
        var interval = (long)settings.PingInterval.TotalMilliseconds;
        var timeout = (long)settings.PingTimeout.TotalMilliseconds;
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $$"""0{"sid":"{{sid}}","upgrades":[{{upgrades}}],"pingInterval":{{interval}},"pingTimeout":{{timeout}},"maxPayload":{{settings.MaxPayloadBytes}}}""");
        return new EngineIoFrame(Encoding.UTF8.GetBytes(json), IsBinary: false);
    }
}
