using System.Collections.Immutable;
using System.Text;

namespace Parley.Signaling.Tests;

public sealed class RoomTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomSettings Settings = new();
    private static readonly ConnectionId A = new("a"), A2 = new("a2"), B = new("b"), B2 = new("b2"), C = new("c");
    private static readonly ParticipantId Anna = new("Anna"), Bert = new("Bert"), Carl = new("Carl");

    private Room _room = Room.Empty;
    private DateTimeOffset _now = Start;

    [Fact]
    public void The_first_takes_seat_0_and_is_alone()
    {
        Expect(Join(A, Anna), new RoomOutput.Joined(0, Anna, null, [], 0, default));
    }

    [Fact]
    public void The_second_takes_seat_1_and_both_learn_of_each_other()
    {
        Join(A, Anna, name: "Anna A.");
        Expect(
            Join(B, Bert, name: "Bert B."),
            new RoomOutput.Joined(1, Bert, new Peer(Anna, "Anna A.", Away: false, InLobby: false), [], 0, default),
            new RoomOutput.PeerJoined(A, new Peer(Bert, "Bert B.", Away: false, InLobby: false)));
    }

    [Fact]
    public void The_third_is_refused_and_nobody_hears_of_it()
    {
        JoinBoth();
        Expect(Join(C, Carl), new RoomOutput.Refused(RefusalCode.RoomFull));
    }

    [Fact]
    public void The_third_is_told_when_an_away_seat_would_lapse()
    {
        JoinBoth();
        Disconnect(B);
        _now += TimeSpan.FromSeconds(10);
        Expect(Join(C, Carl), new RoomOutput.Refused(RefusalCode.RoomFull, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Joining_again_on_the_same_connection_changes_nothing()
    {
        JoinBoth();
        Expect(Join(A, Carl), new RoomOutput.Joined(0, Anna, AsPeer(Bert), [], 0, default));
    }

    [Fact]
    public void A_message_reaches_the_other_seat_only_numbered_and_unchanged()
    {
        JoinBoth();
        var outputs = Send(A, """{"b":1.0,"a":2}""");
        Assert.Equal(new RoomOutput.Sent(1, Delivered: true), outputs[0]);
        var deliver = Assert.IsType<RoomOutput.Deliver>(outputs[1]);
        Assert.Equal(2, outputs.Length);
        Assert.Equal((B, 1L, Anna, """{"b":1.0,"a":2}"""), (deliver.To, deliver.Message.Seq, deliver.Message.From, Text(deliver.Message)));
    }

    [Fact]
    public void A_stranger_can_not_send_and_can_not_leave()
    {
        JoinBoth();
        Expect(Send(C, "1"), new RoomOutput.Refused(RefusalCode.NotInRoom));
        Expect(Apply(new RoomCommand.Leave(C)), new RoomOutput.Refused(RefusalCode.NotInRoom));
        Expect(Disconnect(C));
    }

    [Fact]
    public void Messages_to_an_empty_seat_wait_for_whoever_takes_it()
    {
        Join(A, Anna);
        Expect(Send(A, "1"), new RoomOutput.Sent(1, Delivered: false));
        Expect(Send(A, "2"), new RoomOutput.Sent(2, Delivered: false));
        var joined = Assert.IsType<RoomOutput.Joined>(Join(B, Bert)[0]);
        Assert.Equal(["1", "2"], joined.Pending.Select(Text));
        Assert.Equal(2, joined.LastSeq);
    }

    [Fact]
    public void Kept_messages_are_handed_over_once()
    {
        Join(A, Anna);
        Send(A, "1");
        Join(B, Bert);
        Assert.Empty(Assert.IsType<RoomOutput.Joined>(Join(B, Bert)[0]).Pending);
    }

    [Fact]
    public void What_somebody_sent_goes_with_them_if_nobody_received_it()
    {
        Join(A, Anna);
        Join(B, Bert);
        Disconnect(B);
        Send(A, "1");
        Apply(new RoomCommand.Leave(A));
        Join(C, Carl);
        var back = Assert.IsType<RoomOutput.Joined>(Join(B2, Carl, resume: new SeatClaim(1, Bert))[0]);
        Assert.Empty(back.Pending);
    }

    [Fact]
    public void Leaving_frees_the_seat_at_once()
    {
        JoinBoth();
        Expect(Apply(new RoomCommand.Leave(A)), new RoomOutput.Left(), new RoomOutput.Freed(Anna, 0, default), new RoomOutput.PeerLeft(B, Anna, LeaveReason.Left));
        Expect(Join(C, Carl), new RoomOutput.Joined(0, Carl, AsPeer(Bert), [], 0, default), new RoomOutput.PeerJoined(B, AsPeer(Carl)));
    }

    [Fact]
    public void A_lost_connection_leaves_the_seat_away_for_the_resume_window()
    {
        JoinBoth();
        Expect(Disconnect(B), new RoomOutput.PeerAway(A, Bert));
        Assert.Equal(Start + TimeSpan.FromSeconds(30), _room.NextDeadline);
        _now += TimeSpan.FromSeconds(29.9);
        Expect(Tick());
        _now += TimeSpan.FromSeconds(0.1);
        Expect(Tick(), new RoomOutput.Freed(Bert, 1, default), new RoomOutput.PeerLeft(A, Bert, LeaveReason.Lost));
        Assert.Null(_room.NextDeadline);
    }

    [Fact]
    public void A_lapsed_seat_is_empty_when_looked_at_even_if_the_tick_is_late()
    {
        JoinBoth();
        Disconnect(B);
        _now += TimeSpan.FromMinutes(5);
        Expect(
            Join(C, Carl),
            new RoomOutput.Freed(Bert, 1, default),
            new RoomOutput.PeerLeft(A, Bert, LeaveReason.Lost),
            new RoomOutput.Joined(1, Carl, AsPeer(Anna), [], 0, default),
            new RoomOutput.PeerJoined(A, AsPeer(Carl)));
    }

    [Fact]
    public void Resuming_gives_the_same_seat_and_what_was_missed_in_order()
    {
        JoinBoth();
        Send(A, "1");
        Disconnect(B);
        Send(A, "2");
        Send(A, "3");

        // The first message was handed to the connection that died; the participant says that it never arrived.
        var outputs = Join(B2, Carl, resume: new SeatClaim(1, Bert), lastSeq: 0);
        var joined = Assert.IsType<RoomOutput.Joined>(outputs[0]);
        Assert.Equal((1, Bert, 3L), (joined.Seat, joined.Self, joined.LastSeq));
        Assert.Equal(["1", "2", "3"], joined.Pending.Select(Text));
        Assert.Equal(new RoomOutput.PeerBack(A, Bert), outputs[1]);
    }

    [Fact]
    public void The_newest_connection_wins_before_the_old_one_is_known_to_be_dead()
    {
        JoinBoth();
        Send(A, "1");
        Expect(Join(B2, Carl, resume: new SeatClaim(1, Bert), lastSeq: 1), new RoomOutput.Replaced(B), new RoomOutput.Joined(1, Bert, AsPeer(Anna), [], 1, default));
        Expect(Disconnect(B));
        Expect(Send(B, "1"), new RoomOutput.Refused(RefusalCode.NotInRoom));
    }

    [Fact]
    public void Whoever_comes_again_with_the_same_id_has_the_same_seat_and_what_the_lost_answer_held()
    {
        Join(A, Anna);
        Send(A, "1");
        Join(B, Bert);

        var outputs = Join(B2, Bert, lastSeq: 0);
        Assert.Equal(new RoomOutput.Replaced(B), outputs[0]);
        var joined = Assert.IsType<RoomOutput.Joined>(Assert.Single(outputs[1..]));
        Assert.Equal((1, Bert), (joined.Seat, joined.Self));
        Assert.Equal(["1"], joined.Pending.Select(Text));
        Expect(Disconnect(B));
        Expect(Join(B, Carl), new RoomOutput.Refused(RefusalCode.RoomFull));
    }

    [Fact]
    public void After_a_restart_of_the_server_a_claim_brings_back_seat_and_id()
    {
        Expect(Join(B2, Carl, resume: new SeatClaim(1, Bert), lastSeq: 7), new RoomOutput.Joined(1, Bert, null, [], 0, default));
        Send(B2, "1");
        var joined = Assert.IsType<RoomOutput.Joined>(Join(A2, Carl, resume: new SeatClaim(0, Anna), lastSeq: 5)[0]);
        Assert.Equal((0, Anna), (joined.Seat, joined.Self));
        Assert.Equal(["1"], joined.Pending.Select(Text));
    }

    [Fact]
    public void A_stay_lasts_over_reconnects_and_ends_when_the_seat_is_free()
    {
        Assert.Equal(new StayId("first"), Stay(Join(A, Anna, stay: new StayId("first"))));
        Disconnect(A);
        Assert.Equal(new StayId("first"), Stay(Join(A2, Carl, resume: new SeatClaim(0, Anna), stay: new StayId("second"))));
        Expect(Apply(new RoomCommand.Leave(A2)), new RoomOutput.Left(), new RoomOutput.Freed(Anna, 0, new StayId("first")));

        // The same participant in the same seat at the same time, but another stay.
        Assert.Equal(new StayId("third"), Stay(Join(A2, Carl, resume: new SeatClaim(0, Anna), stay: new StayId("third"))));

        static StayId Stay(ImmutableArray<RoomOutput> outputs) => Assert.Single(outputs.OfType<RoomOutput.Joined>()).Stay;
    }

    [Fact]
    public void A_claim_to_a_seat_that_another_has_since_is_a_join_like_any_other()
    {
        JoinBoth();
        Apply(new RoomCommand.Leave(B));
        Join(C, Carl);
        Expect(Join(B2, new ParticipantId("x"), resume: new SeatClaim(1, Bert)), new RoomOutput.Refused(RefusalCode.RoomFull));
    }

    [Fact]
    public void A_provisional_seat_lapses_with_its_connection()
    {
        Join(A, Anna);
        Join(B, Bert, provisional: true);
        Expect(Disconnect(B), new RoomOutput.Freed(Bert, 1, default), new RoomOutput.PeerLeft(A, Bert, LeaveReason.Lost));
    }

    [Fact]
    public void A_provisional_seat_becomes_firm_and_the_other_hears_of_it()
    {
        Join(A, Anna);
        Join(B, Bert, provisional: true);
        Expect(Join(B, Bert), new RoomOutput.Joined(1, Bert, AsPeer(Anna), [], 0, default), new RoomOutput.PeerJoined(A, AsPeer(Bert)));
        Expect(Join(B, Bert, provisional: true), new RoomOutput.Joined(1, Bert, AsPeer(Anna), [], 0, default));
    }

    [Fact]
    public void A_provisional_seat_yields_to_a_firm_join_and_not_to_another_provisional_one()
    {
        Join(A, Anna);
        Join(B, Bert, provisional: true);
        Expect(Join(C, Carl, provisional: true), new RoomOutput.Refused(RefusalCode.RoomFull));
        Expect(
            Join(C, Carl),
            new RoomOutput.Displaced(B),
            new RoomOutput.Freed(Bert, 1, default),
            new RoomOutput.PeerLeft(A, Bert, LeaveReason.Displaced),
            new RoomOutput.Joined(1, Carl, AsPeer(Anna), [], 0, default),
            new RoomOutput.PeerJoined(A, AsPeer(Carl)));
    }

    [Fact]
    public void What_somebody_in_the_lobby_sends_waits_for_who_opens_the_lobby_next()
    {
        Join(A, Anna, provisional: true);
        Expect(Send(A, "1"), new RoomOutput.Sent(1, Delivered: false));
        var joined = Assert.IsType<RoomOutput.Joined>(Join(B, Bert, provisional: true)[0]);
        Assert.Equal(["1"], joined.Pending.Select(Text));
        Assert.True(joined.Peer!.InLobby);
        Assert.Equal(new RoomOutput.Sent(1, Delivered: true), Send(B, "2")[0]);
    }

    [Fact]
    public void Of_two_in_the_lobby_the_later_one_yields_and_the_first_keeps_the_seat()
    {
        Join(A, Anna, provisional: true);
        Join(B, Bert, provisional: true);
        var anna = new Peer(Anna, null, Away: false, InLobby: true);
        Expect(
            Join(C, Carl),
            new RoomOutput.Displaced(B),
            new RoomOutput.Freed(Bert, 1, default),
            new RoomOutput.PeerLeft(A, Bert, LeaveReason.Displaced),
            new RoomOutput.Joined(1, Carl, anna, [], 0, default),
            new RoomOutput.PeerJoined(A, AsPeer(Carl)));
        Expect(Join(A, Anna), new RoomOutput.Joined(0, Anna, AsPeer(Carl), [], 0, default), new RoomOutput.PeerJoined(C, AsPeer(Anna)));
        Expect(Join(B2, Bert), new RoomOutput.Refused(RefusalCode.RoomFull));
    }

    [Fact]
    public void From_the_lobby_into_the_call_the_stay_goes_on()
    {
        Join(A, Anna, provisional: true, stay: new StayId("first"));
        var joined = Assert.IsType<RoomOutput.Joined>(Assert.Single(Join(A, Anna, name: "Anna A.", stay: new StayId("second"))));
        Assert.Equal(new StayId("first"), joined.Stay);
        Disconnect(A);
        Assert.True(_room[0]!.Away);
    }

    [Fact]
    public void A_seat_that_lapsed_in_the_lobby_is_the_same_again_for_who_proves_it()
    {
        Join(A, Anna, provisional: true);
        Join(B, Bert, provisional: true);
        Disconnect(A);
        var joined = Assert.IsType<RoomOutput.Joined>(Join(A2, Carl, provisional: true, resume: new SeatClaim(0, Anna))[0]);
        Assert.Equal((0, Anna), (joined.Seat, joined.Self));
    }

    [Fact]
    public void A_message_that_is_too_large_is_refused()
    {
        JoinBoth();
        Expect(Send(A, new string('1', Settings.MaxMessageBytes + 1)), new RoomOutput.Refused(RefusalCode.TooLarge));
        Assert.IsType<RoomOutput.Sent>(Send(A, new string('1', Settings.MaxMessageBytes))[0]);
    }

    [Theory]
    [InlineData(64, 10)]
    [InlineData(4, 64 * 1024)]
    public void A_full_mailbox_refuses_and_keeps_what_it_has(int fits, int size)
    {
        Join(A, Anna);
        var data = new string('1', size);
        for (var i = 0; i < fits; i++)
        {
            Assert.IsType<RoomOutput.Sent>(Send(A, data)[0]);
        }

        Expect(Send(A, data), new RoomOutput.Refused(RefusalCode.TooLarge, Settings.ResumeWindow));
        Assert.Equal(fits, Assert.IsType<RoomOutput.Joined>(Join(B, Bert)[0]).Pending.Length);
    }

    [Fact]
    public void Delivered_messages_make_room_for_new_ones()
    {
        JoinBoth();
        for (var i = 1; i <= 200; i++)
        {
            Assert.Equal(new RoomOutput.Sent(i, Delivered: true), Send(A, $"{i}")[0]);
        }

        var joined = Assert.IsType<RoomOutput.Joined>(Join(B2, Carl, resume: new SeatClaim(1, Bert), lastSeq: 198)[1]);
        Assert.Equal(["199", "200"], joined.Pending.Select(Text));
    }

    [Fact]
    public void A_room_that_everybody_left_is_empty()
    {
        JoinBoth();
        Apply(new RoomCommand.Leave(A));
        Disconnect(B);
        Assert.False(_room.IsEmpty);
        _now += Settings.ResumeWindow;
        Expect(Tick(), new RoomOutput.Freed(Bert, 1, default));
        Assert.True(_room.IsEmpty);
    }

    private void JoinBoth()
    {
        Join(A, Anna);
        Join(B, Bert);
    }

    private ImmutableArray<RoomOutput> Join(ConnectionId connection, ParticipantId id, string? name = null, bool provisional = false, SeatClaim? resume = null, long? lastSeq = null, StayId stay = default) =>
        Apply(new RoomCommand.Join(connection, id, name, provisional, resume, lastSeq, stay));

    private ImmutableArray<RoomOutput> Send(ConnectionId connection, string json) => Apply(new RoomCommand.Send(connection, Encoding.UTF8.GetBytes(json)));

    private ImmutableArray<RoomOutput> Disconnect(ConnectionId connection) => Apply(new RoomCommand.Disconnect(connection));

    private ImmutableArray<RoomOutput> Tick() => Apply(new RoomCommand.Tick());

    private ImmutableArray<RoomOutput> Apply(RoomCommand command)
    {
        (_room, var outputs) = _room.Apply(command, Settings, _now);
        return outputs;
    }

    private static void Expect(ImmutableArray<RoomOutput> outputs, params RoomOutput[] expected) =>
        Assert.Equal(expected.Select(Describe), outputs.Select(Describe));

    // Immutable arrays compare by reference, so the lists inside a Joined are compared as text.
    private static string Describe(RoomOutput output) => output is RoomOutput.Joined joined
        ? $"Joined {joined.Seat} {joined.Self} peer {joined.Peer} pending [{string.Join(',', joined.Pending.Select(Text))}] last {joined.LastSeq}"
        : output.ToString();

    private static string Text(RoomMessage message) => Encoding.UTF8.GetString(message.Data.Span);

    private static Peer AsPeer(ParticipantId id) => new(id, null, Away: false, InLobby: false);
}
