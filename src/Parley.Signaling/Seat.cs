using System.Collections.Immutable;

namespace Parley.Signaling;

/// <summary>One of the two places in a room, taken by a participant.</summary>
/// <param name="Id">Who sits here; the same over reconnects.</param>
/// <param name="Stay">Since the seat was taken; the same over reconnects, another each time.</param>
/// <param name="Name">What the participant wants to be called, if anything.</param>
/// <param name="Connection">The connection that speaks for the participant; null while the participant is away.</param>
/// <param name="AwayUntil">When an away seat lapses; null while somebody is connected.</param>
/// <param name="Provisional">True while the participant is in the lobby: such a seat yields to a firm join and lapses with its connection.</param>
public sealed record Seat(ParticipantId Id, StayId Stay, string? Name, ConnectionId? Connection, DateTimeOffset? AwayUntil, bool Provisional)
{
    /// <summary>True while no connection speaks for the participant.</summary>
    public bool Away => Connection is null;
}

/// <summary>Messages to one seat that may still have to be delivered, oldest first.</summary>
/// <param name="LastSeq">The number of the newest message ever sent to the seat; the first is 1.</param>
/// <param name="Messages">Kept messages, delivered ones included: a connection that dies may have lost the last of them.</param>
/// <param name="Bytes">What the kept messages' data adds up to.</param>
public sealed record Mailbox(long LastSeq, ImmutableQueue<RoomMessage> Messages, int Bytes)
{
    /// <summary>A mailbox that never had a message.</summary>
    public static Mailbox Empty { get; } = new(0, [], 0);

    /// <summary>Messages after <paramref name="seq"/>, oldest first.</summary>
    public ImmutableArray<RoomMessage> After(long seq) => [.. Messages.Where(message => message.Seq > seq)];
}

/// <summary>A message on its way to a seat.</summary>
/// <param name="Seq">Its number among the messages to that seat, without gaps.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Data">The JSON value as the sender wrote it, byte for byte.</param>
/// <param name="Delivered">False while no connection could be given the message: such a message is never dropped for a newer one.</param>
public sealed record RoomMessage(long Seq, ParticipantId From, ReadOnlyMemory<byte> Data, bool Delivered);
