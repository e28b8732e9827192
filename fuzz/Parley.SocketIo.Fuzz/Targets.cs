using System.Text;
using Parley.Fuzzing;

namespace Parley.SocketIo.Fuzz;

/// <summary>What is fuzzed of Engine.IO and Socket.IO.</summary>
public static class Targets
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("json", JsonTarget.Run, Pieces("[", "]", "{", "}", "\"a\":", ",", "\"\"", "\\u001e", "\\\"", "1e5", "-0", "true", "null")),
        new("engineio-payload", PayloadTarget.Run, Pieces("\u001e", "4", "b", "bAQID", "==", "2", "3")),
        new("engineio-session", EngineIoSessionTarget.Run, []),
        new("socketio-packet", SocketIoPacketTarget.Run, Packets()),
        new("socketio-session", SocketIoSessionTarget.Run, [.. Packets(), [0], [1, 5]]),
        new("websocket", WebSocketTarget.Run, [[0x81, 0x80, 0, 0, 0, 0], [0x01, 0x81, 0, 0, 0, 0, 0x78], [0x80, 0x81, 1, 2, 3, 4, 0x78], [0x89, 0x80, 0, 0, 0, 0], [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8], [0xfe, 0x01, 0x2c], [0xc3]]),
    ];

    private static List<byte[]> Packets() => Pieces(
        "0", "1", "2", "3", "4", "51-", "62-", "510-", "/", "/a,", "/b,", "7", "[\"e\"]", "[\"e\",", "{\"_placeholder\":true,\"num\":0}", "{\"_placeholder\":true,\"num\":", "\\u005fplaceholder",
        "\"disconnect\"", "{}", "[]");

    private static List<byte[]> Pieces(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
