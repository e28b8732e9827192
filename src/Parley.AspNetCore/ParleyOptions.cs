using Parley.Turn.Hosting;

namespace Parley.AspNetCore;

/// <summary>The configuration of Parley, section <c>Parley</c>.</summary>
public sealed class ParleyOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Parley";

    /// <summary>The address that people open, such as <c>https://call.example.org</c>. Defaults to the address of each request.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Rooms and seats.</summary>
    public RoomOptions Rooms { get; set; } = new();

    /// <summary>What participants are told of relays. The relay of this process has options of its own: <see cref="TurnOptions"/>, in the same section.</summary>
    public IceOptions Turn { get; set; } = new();
}

/// <summary>Rooms and seats, section <c>Parley:Rooms</c>.</summary>
public sealed class RoomOptions
{
    /// <summary>How long the seat of a participant who lost the connection is kept. Defaults to 30 seconds; from 0 (not kept) to 1 hour.</summary>
    public TimeSpan ResumeWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The secret that signs seat tokens, at least 16 characters. Random at each start by default; set it (the same on all nodes)
    /// so that participants keep their seats when the server restarts.
    /// </summary>
    public string? TicketKey { get; set; }
}

/// <summary>What participants are told of relays, section <c>Parley:Turn</c>.</summary>
public sealed class IceOptions
{
    /// <summary>Further servers to hand out besides this process's own: a coturn fleet, a far region. Defaults to none.</summary>
    public IList<IceServerOptions> Servers { get; } = [];
}
