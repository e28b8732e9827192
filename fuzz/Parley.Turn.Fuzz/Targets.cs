using Parley.Fuzzing;

namespace Parley.Turn.Fuzz;

/// <summary>What is fuzzed of STUN and TURN.</summary>
public static class Targets
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("stun-message", StunMessageTarget.Run, Pieces()),
        new("stun-stream", StunStreamTarget.Run, Pieces()),
        new("turn-shard", TurnShardTarget.Run, Pieces()),
        new("peer-filter", PeerFilterTarget.Run, PeerFilterTarget.Pieces()),
    ];

    // Message types with the magic cookie, attribute headers, addresses.
    private static List<byte[]> Pieces()
    {
        List<byte[]> pieces = [[0x21, 0x12, 0xA4, 0x42], [0x40, 0x00, 0x00, 0x04]];
        foreach (var type in (byte[])[0x01, 0x03, 0x04, 0x08, 0x09, 0x16, 0x17])
        {
            pieces.Add([0x00, type, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        }

        foreach (var type in Enum.GetValues<Stun.StunAttributeType>())
        {
            pieces.Add([(byte)((int)type >> 8), (byte)type, 0x00, 0x04]);
            pieces.Add([(byte)((int)type >> 8), (byte)type, 0x00, 0x08, 0x00, 0x01, 0x32, 0xA2, 0xEA, 0x12, 0xD5, 0x09]);
        }

        return pieces;
    }
}
