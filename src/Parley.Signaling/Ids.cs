namespace Parley.Signaling;

/// <summary>A participant of a room, the same over reconnects; the other side sees it.</summary>
public readonly record struct ParticipantId(string Value)
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
