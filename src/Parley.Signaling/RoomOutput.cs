using System.Collections.Immutable;

namespace Parley.Signaling;

/// <summary>What follows from a command: replies to the one who asked, events for others.</summary>
public abstract record RoomOutput
{
    private RoomOutput()
    {
    }

    /// <summary>The join succeeded.</summary>
    /// <param name="Seat">0 (impolite in negotiation) or 1 (polite); fixed as long as the participant stays.</param>
    /// <param name="Self">The participant's own id.</param>
    /// <param name="Peer">Who is in the other seat, or null.</param>
    /// <param name="Pending">Messages that were kept for this seat, oldest first.</param>
    /// <param name="LastSeq">The number of the newest message to this seat so far.</param>
    /// <param name="Stay">The stay that began, or goes on.</param>
    public sealed record Joined(int Seat, ParticipantId Self, Peer? Peer, ImmutableArray<RoomMessage> Pending, long LastSeq, StayId Stay) : RoomOutput;

    /// <summary>The message was accepted.</summary>
    /// <param name="Seq">Its number among the messages to the other seat.</param>
    /// <param name="Delivered">True when it was handed to the other's connection, false when it is kept.</param>
    public sealed record Sent(long Seq, bool Delivered) : RoomOutput;

    /// <summary>The seat was given up.</summary>
    public sealed record Left : RoomOutput;

    /// <summary>The command was refused, and nothing has changed.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="RetryAfter">When it might succeed, where that is known.</param>
    public sealed record Refused(RefusalCode Code, TimeSpan? RetryAfter = null) : RoomOutput;

    /// <summary>A message for a connection.</summary>
    public sealed record Deliver(ConnectionId To, RoomMessage Message) : RoomOutput;

    /// <summary>The other seat was taken, or went from the lobby into the call.</summary>
    public sealed record PeerJoined(ConnectionId To, Peer Peer) : RoomOutput;

    /// <summary>The other participant's connection was lost; the seat is kept.</summary>
    public sealed record PeerAway(ConnectionId To, ParticipantId Id) : RoomOutput;

    /// <summary>The other participant is connected again, in the same seat.</summary>
    public sealed record PeerBack(ConnectionId To, ParticipantId Id) : RoomOutput;

    /// <summary>The other seat is empty.</summary>
    public sealed record PeerLeft(ConnectionId To, ParticipantId Id, LeaveReason Reason) : RoomOutput;

    /// <summary>A seat is empty now. For the server itself: whatever it had given for the stay ends here.</summary>
    public sealed record Freed(ParticipantId Id, int Seat, StayId Stay) : RoomOutput;

    /// <summary>A newer connection of the same participant has the seat; this one is out of the room.</summary>
    public sealed record Replaced(ConnectionId To) : RoomOutput;

    /// <summary>The provisional seat went to somebody who joined firmly; this connection is out of the room.</summary>
    public sealed record Displaced(ConnectionId To) : RoomOutput;
}

/// <summary>The one in the other seat, as a participant is told.</summary>
public sealed record Peer(ParticipantId Id, string? Name, bool Away, bool InLobby);

/// <summary>Why a seat became empty.</summary>
public enum LeaveReason
{
    /// <summary>The participant left.</summary>
    Left,

    /// <summary>The connection was lost and nobody came back within the resume window.</summary>
    Lost,

    /// <summary>A provisional seat yielded to a firm join.</summary>
    Displaced,
}

/// <summary>Why a command was refused.</summary>
public enum RefusalCode
{
    /// <summary>Both seats are taken.</summary>
    RoomFull,

    /// <summary>The connection has no seat in this room.</summary>
    NotInRoom,

    /// <summary>The message is larger than allowed, or the other's mailbox is full of undelivered messages.</summary>
    TooLarge,
}
