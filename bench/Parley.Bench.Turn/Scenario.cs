namespace Parley.Bench.Turn;

/// <summary>One load: how many flows, which way, how many packets of each flow may be under way at once.</summary>
internal sealed record Scenario(string Name, string Description)
{
    public int Flows { get; init; } = 100;

    /// <summary>Bytes of application data in a packet; ChannelData adds 4 on the client's side.</summary>
    public int PayloadBytes { get; init; } = 172;

    /// <summary>Packets under way per flow and direction; the next leaves when one arrives.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Client to peer.</summary>
    public bool Up { get; init; } = true;

    /// <summary>Peer to client.</summary>
    public bool Down { get; init; } = true;

    /// <summary>The peer of each flow is another flow's relayed address on the same server.</summary>
    public bool Paired { get; init; }

    /// <summary>Packets per second, flow and direction instead of a window; zero means windowed.</summary>
    public int PacedPerSecond { get; init; }

    /// <summary>The generator's sockets send with UDP_SEGMENT and receive with UDP_GRO.</summary>
    public bool Segmentation { get; init; }

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("single", "100 flows, 172 B, both ways, 1 under way"),
        new("single-up", "100 flows, 172 B, client to peer, 1 under way") { Down = false },
        new("single-down", "100 flows, 172 B, peer to client, 1 under way") { Up = false },
        new("single-1000", "1000 flows, 172 B, both ways, 1 under way") { Flows = 1000 },
        new("burst-audio", "100 flows, 172 B, both ways, 16 under way") { Window = 16 },
        new("burst-video", "20 flows, 1100 B, both ways, 32 under way") { Flows = 20, PayloadBytes = 1100, Window = 32 },
        new("segmented-audio", "100 flows, 172 B, both ways, 16 under way, GSO/GRO endpoints") { Window = 16, Segmentation = true },
        new("segmented-video", "20 flows, 1100 B, both ways, 32 under way, GSO/GRO endpoints") { Flows = 20, PayloadBytes = 1100, Window = 32, Segmentation = true },
        new("paired-single", "100 flows, 172 B, both ends relayed here, 1 under way") { Paired = true },
        new("paired-burst", "20 flows, 1100 B, both ends relayed here, 32 under way") { Flows = 20, PayloadBytes = 1100, Window = 32, Paired = true },
        new("paired-segmented", "20 flows, 1100 B, both ends relayed here, 32 under way, GSO/GRO endpoints") { Flows = 20, PayloadBytes = 1100, Window = 32, Paired = true, Segmentation = true },
        new("light", "100 flows, 172 B, both ways, 50 packets/s each") { PacedPerSecond = 50 },
    ];
}
