using System.Buffers.Text;
using System.Text;

namespace Parley.Bench.SocketIo;

/// <summary>The messages of a call, as packets. A candidate carries the time at which it was sent as its last member, in a fixed number of digits.</summary>
internal static class RoomMessage
{
    public const int CandidateBytes = 289;
    private const int DescriptionBytes = 5000;
    private const int Digits = 19;

    // What follows the digits: "}]
    private const int Tail = 3;

    public static byte[] Candidate(string room)
    {
        var head = $"42[\"message\",\"{room}\",{{\"type\":\"candidate\",\"candidate\":\"candidate:842163049 1 udp 1677729535 203.0.113.7 51234 typ srflx raddr 192.168.1.7 rport 51234 generation 0\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"ufrag\":\"";
        const string Last = "\",\"t\":\"0000000000000000000\"}]";
        return Encoding.ASCII.GetBytes(head + new string('u', CandidateBytes - head.Length - Last.Length) + Last);
    }

    public static byte[] Description(string room, string type)
    {
        var head = $"42[\"message\",\"{room}\",{{\"type\":\"{type}\",\"sdp\":\"";
        var lines = new StringBuilder(head);
        while (lines.Length < DescriptionBytes)
        {
            lines.Append("a=rtpmap:111 opus/48000/2\\r\\na=fmtp:111 minptime=10;useinbandfec=1\\r\\n");
        }

        return Encoding.ASCII.GetBytes(lines.Append("\"}]").ToString());
    }

    public static void SetTime(byte[] candidate, long ticks) =>
        _ = Utf8Formatter.TryFormat(ticks, candidate.AsSpan(candidate.Length - Tail - Digits), out _, new System.Buffers.StandardFormat('D', Digits));

    /// <summary>The time in a candidate that has come. A candidate that is not as it was sent is an error.</summary>
    public static long TimeOf(ReadOnlySpan<byte> candidate) =>
        candidate.Length == CandidateBytes && Utf8Parser.TryParse(candidate[^(Tail + Digits)..^Tail], out long ticks, out var read) && read == Digits
            ? ticks
            : throw new InvalidOperationException($"Not the message that was sent: {Encoding.UTF8.GetString(candidate)}");
}
