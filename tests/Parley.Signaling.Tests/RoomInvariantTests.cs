using FsCheck.Xunit;

namespace Parley.Signaling.Tests;

/// <summary>What holds after any sequence of commands, however rude.</summary>
public sealed class RoomInvariantTests
{
    private static readonly RoomSettings Settings = new() { MaxKeptMessages = 4, MaxKeptBytes = 32, MaxMessageBytes = 16 };

    [Property(MaxTest = 500)]
    public void Any_sequence_of_commands_keeps_the_room_consistent((byte Kind, byte Who, byte Size)[] steps)
    {
        var room = Room.Empty;
        var now = DateTimeOffset.UnixEpoch;
        var newcomers = 0;
        foreach (var (kind, who, size) in steps)
        {
            var newId = new ParticipantId($"p{newcomers++}");
            var connection = new ConnectionId($"c{who % 5}");
            RoomCommand command = (kind % 7) switch
            {
                0 => new RoomCommand.Join(connection, newId, null, false, null, null, default),
                1 => new RoomCommand.Join(connection, newId, null, true, null, null, default),
                2 => new RoomCommand.Join(connection, newId, null, false, new SeatClaim(size % 2, new ParticipantId($"p{size % newcomers}")), size % 3, default),
                3 => new RoomCommand.Send(connection, new byte[size % 24]),
                4 => new RoomCommand.Leave(connection),
                5 => new RoomCommand.Disconnect(connection),
                _ => new RoomCommand.Tick(),
            };
            if (kind % 7 == 6)
            {
                now += TimeSpan.FromSeconds(size);
            }

            Seat?[] seats = [room[0], room[1]];
            ParticipantId?[] before = [.. seats.Select(seat => seat?.Id).Where(id => id is not null)];
            (room, var outputs) = room.Apply(command, Settings, now);

            // Two people are never the same person, and never speak through one connection.
            Assert.False(room[0] is { } a && room[1] is { } b && (a.Id == b.Id || (a.Connection is not null && a.Connection == b.Connection)));

            // A seat is connected or has a time when it lapses, never both or neither.
            Assert.All(new[] { room[0], room[1] }, seat => Assert.True(seat is null || seat.Away == (seat.AwayUntil > now)));

            // Whoever asked gets exactly one reply.
            var replies = outputs.Count(output => output is RoomOutput.Joined or RoomOutput.Sent or RoomOutput.Left or RoomOutput.Refused);
            Assert.Equal(command is RoomCommand.Disconnect or RoomCommand.Tick ? 0 : 1, replies);

            // A seat in the lobby is never kept for somebody who is away.
            Assert.DoesNotContain(new[] { room[0], room[1] }, seat => seat is { Provisional: true, Away: true });

            // Only seats in the lobby are taken away from those who sit there, and only by somebody who joins for good.
            var displaced = outputs.OfType<RoomOutput.Displaced>().Select(output => (ConnectionId?)output.To).ToList();
            Assert.True(displaced.Count == 0 || command is RoomCommand.Join { Provisional: false });
            Assert.All(displaced, to => Assert.Contains(seats, seat => seat is { Provisional: true } && seat.Connection == to));

            // Whoever is refused changes nothing, and nobody hears of it; for good one is refused by two who joined for good.
            if (outputs.OfType<RoomOutput.Refused>().Any(refused => refused.Code == RefusalCode.RoomFull))
            {
                Assert.All(outputs, output => Assert.True(output is RoomOutput.Refused or RoomOutput.Freed or RoomOutput.PeerLeft { Reason: LeaveReason.Lost }));
                Assert.All(new[] { room[0], room[1] }, seat => Assert.True(command is RoomCommand.Join { Provisional: true } || seat is { Provisional: false }));
            }

            // A participant who is gone was said to be, once.
            var freed = outputs.OfType<RoomOutput.Freed>().Select(output => output.Id).ToList();
            Assert.Equal(before.Except([room[0]?.Id, room[1]?.Id]).ToHashSet(), freed.Select(id => (ParticipantId?)id).ToHashSet());
            Assert.Equal(freed.Count, freed.Distinct().Count());

            // Nobody receives what they sent themselves.
            Assert.DoesNotContain(outputs, output => output is RoomOutput.Deliver deliver && deliver.To == connection);
        }
    }
}
