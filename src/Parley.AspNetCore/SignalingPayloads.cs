using System.Buffers;
using System.Text.Json;
using Parley.Signaling;

namespace Parley.AspNetCore;

/// <summary>Writes the JSON of acks and events as <c>docs/protocol/signaling.md</c> has it.</summary>
internal static class SignalingPayloads
{
    public static byte[] Joined(string room, RoomOutput.Joined joined, IReadOnlyList<IceServer> iceServers, string resume, RoomSettings settings) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", true);
        json.WriteString("room", room);
        json.WriteStartObject("self");
        json.WriteString("id", joined.Self.Value);
        json.WriteNumber("seat", joined.Seat);
        json.WriteString("role", joined.Seat == 0 ? "impolite" : "polite");
        json.WriteEndObject();
        json.WritePropertyName("peer");
        WritePeer(json, joined.Peer);
        json.WriteStartArray("pending");
        foreach (var message in joined.Pending)
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            json.WriteRawValue(message.Data.Span, skipInputValidation: true);
            json.WriteString("from", message.From.Value);
            json.WriteNumber("seq", message.Seq);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("iceServers");
        WriteIceServers(json, iceServers);
        json.WriteString("resume", resume);
        json.WriteNumber("seq", joined.LastSeq);
        json.WriteStartObject("limits");
        json.WriteNumber("messageBytes", settings.MaxMessageBytes);
        json.WriteNumber("messagesPerSecond", SignalingLimits.MessagesPerSecond);
        json.WriteNumber("messageBurst", SignalingLimits.MessageBurst);
        json.WriteNumber("keptMessages", settings.MaxKeptMessages);
        json.WriteNumber("keptBytes", settings.MaxKeptBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static byte[] Sent(RoomOutput.Sent sent) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", true);
        json.WriteNumber("seq", sent.Seq);
        json.WriteBoolean("delivered", sent.Delivered);
        json.WriteEndObject();
    });

    public static byte[] Ok() => "{\"ok\":true}"u8.ToArray();

    public static byte[] Refused(SignalingError error) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", false);
        WriteError(json, error);
        json.WriteEndObject();
    });

    /// <summary>The argument of <c>room-error</c>, which tells a client without an ack why it was refused.</summary>
    public static byte[] RoomError(SignalingError error) => Write(json =>
    {
        json.WriteStartObject();
        WriteError(json, error);
        json.WriteEndObject();
    });

    public static byte[] PeerJoined(Peer peer) => Write(json => WritePeer(json, peer));

    public static byte[] PeerId(ParticipantId id) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", id.Value);
        json.WriteEndObject();
    });

    public static byte[] PeerLeft(RoomOutput.PeerLeft left) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", left.Id.Value);
        json.WriteString("reason", left.Reason switch { LeaveReason.Left => "left", LeaveReason.Lost => "lost", _ => "displaced" });
        json.WriteEndObject();
    });

    public static byte[] Envelope(RoomMessage message) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("from", message.From.Value);
        json.WriteNumber("seq", message.Seq);
        json.WriteEndObject();
    });

    public static byte[] IceServers(IReadOnlyList<IceServer> iceServers) => Write(json => WriteIceServers(json, iceServers));

    private static void WriteIceServers(Utf8JsonWriter json, IReadOnlyList<IceServer> iceServers)
    {
        json.WriteStartArray();
        foreach (var server in iceServers)
        {
            json.WriteStartObject();
            json.WriteStartArray("urls");
            foreach (var url in server.Urls)
            {
                json.WriteStringValue(url);
            }

            json.WriteEndArray();
            if (server.Username is not null)
            {
                json.WriteString("username", server.Username);
                json.WriteString("credential", server.Credential);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePeer(Utf8JsonWriter json, Peer? peer)
    {
        if (peer is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", peer.Id.Value);
        json.WriteString("name", peer.Name);
        json.WriteBoolean("away", peer.Away);
        json.WriteString("stage", peer.InLobby ? "lobby" : "call");
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, SignalingError error)
    {
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        if (error.RetryAfter is { } wait)
        {
            json.WriteNumber("retryAfterMs", (long)Math.Ceiling(wait.TotalMilliseconds));
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
