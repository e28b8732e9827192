namespace Parley.Signaling;

/// <summary>A participant of a room, the same over reconnects; the other side sees it.</summary>
public readonly record struct ParticipantId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// One stay of a participant in a seat: from taking it until it is free, over reconnects. Whoever comes back later has another, so
/// that what was given for a stay, such as relay credentials, can be taken back without touching what is given for the next one.
/// </summary>
public readonly record struct StayId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A connection to the server, for as long as it lasts; nobody else sees it.</summary>
public readonly record struct ConnectionId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
