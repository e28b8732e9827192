namespace Parley.Signaling;

/// <summary>What somebody asks of a room.</summary>
public abstract record RoomCommand
{
    private RoomCommand()
    {
    }

    /// <summary>Take a seat, or the same seat again.</summary>
    /// <param name="Connection">Who asks.</param>
    /// <param name="NewId">
    /// The id that a newcomer gets: random, or made from a secret of the newcomer's, so an argument. Whoever comes with the id of somebody
    /// who has a seat is that participant: nobody else can know the secret.
    /// </param>
    /// <param name="Name">What the participant wants to be called; null keeps what was said before.</param>
    /// <param name="Provisional">True to take a seat from the lobby; ignored for a seat that is firm already.</param>
    /// <param name="Resume">The seat that the participant proved to have had, if any.</param>
    /// <param name="LastSeq">The last message that the participant has received on that seat; null where it did not say.</param>
    /// <param name="NewStay">Names the stay, if this join begins one: random, never used before.</param>
    public sealed record Join(ConnectionId Connection, ParticipantId NewId, string? Name, bool Provisional, SeatClaim? Resume, long? LastSeq, StayId NewStay) : RoomCommand;

    /// <summary>Send a message to the other seat.</summary>
    /// <param name="Connection">Who sends.</param>
    /// <param name="Data">A JSON value. The room keeps the memory: the caller must not reuse it.</param>
    public sealed record Send(ConnectionId Connection, ReadOnlyMemory<byte> Data) : RoomCommand;

    /// <summary>Give the seat up.</summary>
    public sealed record Leave(ConnectionId Connection) : RoomCommand;

    /// <summary>The connection is gone, without a word.</summary>
    public sealed record Disconnect(ConnectionId Connection) : RoomCommand;

    /// <summary>Time has passed: away seats may lapse.</summary>
    public sealed record Tick : RoomCommand;
}

/// <summary>A seat that a participant had before, proven by a <see cref="SeatToken"/>.</summary>
public readonly record struct SeatClaim(int Seat, ParticipantId Id);
