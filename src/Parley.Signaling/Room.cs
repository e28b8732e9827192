using System.Collections.Immutable;

namespace Parley.Signaling;

/// <summary>
/// A room for two: <c>(state, command, now) → (state, outputs)</c>. The state is a value, so a store may keep it anywhere
/// and repeat a command on a newer state when two collided.
/// </summary>
/// <remarks>
/// Seat 0 is the impolite side of W3C perfect negotiation and seat 1 the polite one. A participant keeps the seat over reconnects,
/// so the roles never swap during a call.
/// </remarks>
public sealed record Room
{
    private readonly ImmutableArray<Seat?> _seats = [null, null];
    private readonly ImmutableArray<Mailbox> _mailboxes = [Mailbox.Empty, Mailbox.Empty];

    /// <summary>A room that nobody is in.</summary>
    public static Room Empty { get; } = new();

    /// <summary>True when nobody is in the room: its state need not be kept.</summary>
    public bool IsEmpty => _seats[0] is null && _seats[1] is null;

    /// <summary>When the room wants a <see cref="RoomCommand.Tick"/>; null when nothing is due.</summary>
    public DateTimeOffset? NextDeadline => Earlier(_seats[0]?.AwayUntil, _seats[1]?.AwayUntil);

    /// <summary>Who is in a seat.</summary>
    public Seat? this[int seat] => _seats[seat];

    /// <summary>Carries a command out.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="now">The time; a seat that has lapsed by now is empty, ticked or not.</param>
    /// <returns>The new state, and what follows in order. The reply to the asker is among the outputs exactly once, except for
    /// <see cref="RoomCommand.Disconnect"/> and <see cref="RoomCommand.Tick"/>, which nobody waits for.</returns>
    public (Room Room, ImmutableArray<RoomOutput> Outputs) Apply(RoomCommand command, RoomSettings settings, DateTimeOffset now)
    {
        var outputs = ImmutableArray.CreateBuilder<RoomOutput>();
        var room = Lapse(now, outputs);
        room = command switch
        {
            RoomCommand.Join join => room.Take(join, now, outputs),
            RoomCommand.Send send => room.Forward(send, settings, outputs),
            RoomCommand.Leave leave => room.GiveUp(leave, outputs),
            RoomCommand.Disconnect disconnect => room.Lose(disconnect, settings, now, outputs),
            _ => room,
        };
        return (room, outputs.ToImmutable());
    }

    private Room Take(RoomCommand.Join join, DateTimeOffset now, ImmutableArray<RoomOutput>.Builder outputs)
    {
        // 1. Somebody who has a seat already: on this connection, by the proof of an earlier one, or by an earlier join that was not answered in time.
        var seat = SeatOf(join.Connection) ?? SeatOf(join.Resume) ?? SeatOf(join.NewId);
        if (seat is { } own)
        {
            return Retake(own, join, outputs);
        }

        // 2. Somebody new. A proven claim to an empty seat is honoured: the server may have restarted in mid-call.
        var free = FreeSeat(join.Resume?.Seat);
        var room = this;
        if (free is null && !join.Provisional)
        {
            (room, free) = Displace(outputs);
        }

        if (free is not { } index)
        {
            outputs.Add(new RoomOutput.Refused(RefusalCode.RoomFull, RetryAfter(now)));
            return this;
        }

        var id = join.Resume is { } claim && claim.Seat == index && claim.Id != room._seats[1 - index]?.Id ? claim.Id : join.NewId;
        var taken = new Seat(id, join.NewStay, join.Name, join.Connection, null, join.Provisional);
        // What the newcomer says to have received belonged to another mailbox, from before the server restarted.
        return room.With(index, taken).Welcome(index, lastSeq: null, outputs, other => new RoomOutput.PeerJoined(other, AsPeer(taken)));
    }

    // The newest connection wins; the seat, the id and what is kept for the seat stay.
    private Room Retake(int index, RoomCommand.Join join, ImmutableArray<RoomOutput>.Builder outputs)
    {
        var before = _seats[index]!;
        if (before.Connection is { } old && old != join.Connection)
        {
            outputs.Add(new RoomOutput.Replaced(old));
        }

        var after = before with { Connection = join.Connection, AwayUntil = null, Name = join.Name ?? before.Name, Provisional = before.Provisional && join.Provisional };
        return With(index, after).Welcome(index, join.LastSeq, outputs, other =>
            before.Provisional && !after.Provisional ? new RoomOutput.PeerJoined(other, AsPeer(after))
            : before.Away ? new RoomOutput.PeerBack(other, after.Id)
            : null);
    }

    private Room Welcome(int index, long? lastSeq, ImmutableArray<RoomOutput>.Builder outputs, Func<ConnectionId, RoomOutput?> news)
    {
        var peer = _seats[1 - index];
        var mailbox = _mailboxes[index];

        // Without a word of what was received, only what was never handed over is due.
        var pending = lastSeq is { } seq ? mailbox.After(seq) : [.. mailbox.Messages.Where(message => !message.Delivered)];
        outputs.Add(new RoomOutput.Joined(index, _seats[index]!.Id, peer is null ? null : AsPeer(peer), pending, mailbox.LastSeq, _seats[index]!.Stay));
        if (peer?.Connection is { } other && news(other) is { } output)
        {
            outputs.Add(output);
        }

        return WithMailbox(index, mailbox with { Messages = [.. mailbox.Messages.Select(message => message.Delivered ? message : message with { Delivered = true })] });
    }

    private Room Forward(RoomCommand.Send send, RoomSettings settings, ImmutableArray<RoomOutput>.Builder outputs)
    {
        if (SeatOf(send.Connection) is not { } index)
        {
            outputs.Add(new RoomOutput.Refused(RefusalCode.NotInRoom));
            return this;
        }

        if (send.Data.Length > settings.MaxMessageBytes)
        {
            outputs.Add(new RoomOutput.Refused(RefusalCode.TooLarge));
            return this;
        }

        var to = _seats[1 - index]?.Connection;
        var message = new RoomMessage(_mailboxes[1 - index].LastSeq + 1, _seats[index]!.Id, send.Data, Delivered: to is not null);
        if (Keep(_mailboxes[1 - index], message, settings) is not { } mailbox)
        {
            outputs.Add(new RoomOutput.Refused(RefusalCode.TooLarge, settings.ResumeWindow));
            return this;
        }

        outputs.Add(new RoomOutput.Sent(message.Seq, message.Delivered));
        if (to is { } connection)
        {
            outputs.Add(new RoomOutput.Deliver(connection, message));
        }

        return WithMailbox(1 - index, mailbox);
    }

    // Delivered messages make room for newer ones, oldest first. Undelivered ones do not: the sender is told instead.
    private static Mailbox? Keep(Mailbox mailbox, RoomMessage message, RoomSettings settings)
    {
        var messages = mailbox.Messages;
        var bytes = mailbox.Bytes + message.Data.Length;
        var count = messages.Count() + 1;
        while (count > settings.MaxKeptMessages || bytes > settings.MaxKeptBytes)
        {
            if (messages.IsEmpty || !messages.Peek().Delivered)
            {
                // Alone too large to keep, but handed over: nothing is owed.
                return message.Delivered ? new Mailbox(message.Seq, [], 0) : null;
            }

            messages = messages.Dequeue(out var oldest);
            bytes -= oldest.Data.Length;
            count--;
        }

        return new Mailbox(message.Seq, messages.Enqueue(message), bytes);
    }

    private Room GiveUp(RoomCommand.Leave leave, ImmutableArray<RoomOutput>.Builder outputs)
    {
        if (SeatOf(leave.Connection) is not { } index)
        {
            outputs.Add(new RoomOutput.Refused(RefusalCode.NotInRoom));
            return this;
        }

        outputs.Add(new RoomOutput.Left());
        return Clear(index, LeaveReason.Left, outputs);
    }

    private Room Lose(RoomCommand.Disconnect disconnect, RoomSettings settings, DateTimeOffset now, ImmutableArray<RoomOutput>.Builder outputs)
    {
        if (SeatOf(disconnect.Connection) is not { } index)
        {
            return this;
        }

        var seat = _seats[index]!;
        if (seat.Provisional || settings.ResumeWindow <= TimeSpan.Zero)
        {
            return Clear(index, LeaveReason.Lost, outputs);
        }

        if (_seats[1 - index]?.Connection is { } other)
        {
            outputs.Add(new RoomOutput.PeerAway(other, seat.Id));
        }

        return With(index, seat with { Connection = null, AwayUntil = now + settings.ResumeWindow });
    }

    private Room Lapse(DateTimeOffset now, ImmutableArray<RoomOutput>.Builder outputs)
    {
        var room = this;
        for (var index = 0; index < 2; index++)
        {
            if (room._seats[index]?.AwayUntil <= now)
            {
                room = room.Clear(index, LeaveReason.Lost, outputs);
            }
        }

        return room;
    }

    private (Room Room, int? Seat) Displace(ImmutableArray<RoomOutput>.Builder outputs)
    {
        // Of two in the lobby the later one yields: seat 1 was taken after seat 0 in the ordinary course.
        for (var index = 1; index >= 0; index--)
        {
            if (_seats[index] is { Provisional: true, Connection: { } connection })
            {
                outputs.Add(new RoomOutput.Displaced(connection));
                return (Clear(index, LeaveReason.Displaced, outputs), index);
            }
        }

        return (this, null);
    }

    // What was kept for the one who goes is no one else's, and what that one sent but nobody received goes as well:
    // an offer of somebody who has left would only mislead the next.
    private Room Clear(int index, LeaveReason reason, ImmutableArray<RoomOutput>.Builder outputs)
    {
        outputs.Add(new RoomOutput.Freed(_seats[index]!.Id, index, _seats[index]!.Stay));
        if (_seats[1 - index]?.Connection is { } other)
        {
            outputs.Add(new RoomOutput.PeerLeft(other, _seats[index]!.Id, reason));
        }

        var theirs = _mailboxes[1 - index];
        ImmutableQueue<RoomMessage> received = [.. theirs.Messages.Where(message => message.Delivered)];
        return With(index, null)
            .WithMailbox(index, Mailbox.Empty)
            .WithMailbox(1 - index, _seats[1 - index] is null ? Mailbox.Empty : new Mailbox(theirs.LastSeq, received, received.Sum(message => message.Data.Length)));
    }

    private int? SeatOf(ConnectionId connection) => _seats[0]?.Connection == connection ? 0 : _seats[1]?.Connection == connection ? 1 : null;

    private int? SeatOf(SeatClaim? claim) => claim is { Seat: 0 or 1 } own && _seats[own.Seat]?.Id == own.Id ? own.Seat : null;

    private int? SeatOf(ParticipantId id) => _seats[0]?.Id == id ? 0 : _seats[1]?.Id == id ? 1 : null;

    private int? FreeSeat(int? wanted) => wanted is 0 or 1 && _seats[wanted.Value] is null ? wanted : _seats[0] is null ? 0 : _seats[1] is null ? 1 : null;

    private TimeSpan? RetryAfter(DateTimeOffset now) => NextDeadline - now;

    private Room With(int index, Seat? seat) => new(_seats.SetItem(index, seat), _mailboxes);

    private Room WithMailbox(int index, Mailbox mailbox) => new(_seats, _mailboxes.SetItem(index, mailbox));

    private Room()
    {
    }

    private Room(ImmutableArray<Seat?> seats, ImmutableArray<Mailbox> mailboxes)
    {
        _seats = seats;
        _mailboxes = mailboxes;
    }

    private static Peer AsPeer(Seat seat) => new(seat.Id, seat.Name, seat.Away, seat.Provisional);

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null ? a : a < b ? a : b;
}
