using System.Collections.Concurrent;
using Parley.Signaling;
using Parley.SocketIo;
using Parley.SocketIo.AspNetCore;

namespace Parley.AspNetCore;

/// <summary>One connected socket: what it asks of rooms, and what rooms tell it.</summary>
internal sealed class SignalingSession(SocketIoSocket socket, SignalingHub hub)
{
    // Written by the socket's own handlers and by rooms that dismiss the session, so it is concurrent.
    private readonly ConcurrentDictionary<string, Membership> _rooms = new(StringComparer.Ordinal);
    private RateLimit _messages = new(SignalingLimits.MessagesPerSecond, SignalingLimits.MessageBurst);
    private volatile bool _disconnected;
    private RateLimit _joins = new(SignalingLimits.JoinsPerSecond, SignalingLimits.JoinBurst);

    public ConnectionId Id { get; } = new(socket.Id);

    public void Listen()
    {
        socket.On("join", OnJoin);
        socket.On("message", OnMessage);
        socket.On("leave", OnLeave);
        socket.OnDisconnect((SocketIoDisconnectReason _) => OnDisconnect());
    }

    /// <summary>Tells the socket what happened in a room.</summary>
    public void Send(string name, string room, byte[] payload) => socket.Emit(name, NameOf(room), Json(payload));

    /// <summary>Hands a message over: <c>message(room, data, {from, seq})</c>.</summary>
    public void SendMessage(string room, RoomMessage message) => socket.Emit("message", NameOf(room), Json(message.Data), Json(SignalingPayloads.Envelope(message)));

    /// <summary>Tells the socket that it is out of a room, and why.</summary>
    public void Dismiss(string name, string room)
    {
        socket.Emit(name, NameOf(room));
        Exit(room);
    }

    private void OnJoin(SocketIoEvent e)
    {
        if (!_joins.TryTake(hub.Now, out var retryAfter))
        {
            Refuse(e, SignalingError.RateLimited(retryAfter));
            return;
        }

        if (!JoinRequest.TryRead(e, out var request, out var mistake))
        {
            Refuse(e, SignalingError.BadRequest(mistake));
            return;
        }

        if (_rooms.Count >= SignalingLimits.RoomsPerConnection && !_rooms.ContainsKey(request.Room))
        {
            Refuse(e, new SignalingError("RATE_LIMITED", $"A connection may be in {SignalingLimits.RoomsPerConnection} rooms at once."));
            return;
        }

        var room = request.Room;
        var claim = hub.ReadClaim(room, request.Resume);
        hub.Apply(room, new RoomCommand.Join(Id, hub.NewParticipantId(room, request.Secret), request.Name, request.Lobby, claim, request.LastSeq, SignalingHub.NewStayId()), reply =>
        {
            if (reply is not RoomOutput.Joined joined)
            {
                Refuse(e, SignalingError.From((RoomOutput.Refused)reply));
                return;
            }

            Enter(room, joined);
            if (e.ExpectsAck)
            {
                var token = hub.MakeToken(room, new SeatClaim(joined.Seat, joined.Self));
                e.Ack(Json(SignalingPayloads.Joined(room, joined, hub.IceServersFor(joined.Stay, socket.Handshake), token, hub.Settings)));
                return;
            }

            // The textbook's join has no ack: what waited for the seat arrives as ordinary messages.
            foreach (var message in joined.Pending)
            {
                SendMessage(room, message);
            }
        });

        // The socket may have gone while it joined. Whichever of the two looks second sees the other.
        if (_disconnected)
        {
            LeaveBehind(room);
        }
    }

    private void OnMessage(SocketIoEvent e)
    {
        if (!_messages.TryTake(hub.Now, out var retryAfter))
        {
            Refuse(e, SignalingError.RateLimited(retryAfter));
            return;
        }

        if (e.Count < 2 || e.Attachments.Count > 0 || !JoinRequest.TryReadRoom(e, out var room))
        {
            Refuse(e, SignalingError.BadRequest("message takes the name of the room and the data, a JSON value without binary attachments."));
            return;
        }

        // The room keeps the data longer than the event lives.
        hub.Apply(room, new RoomCommand.Send(Id, e.Json(1).ToArray()), reply =>
        {
            if (reply is RoomOutput.Sent sent)
            {
                Answer(e, SignalingPayloads.Sent(sent));
            }
            else
            {
                Refuse(e, SignalingError.From((RoomOutput.Refused)reply));
            }
        });
    }

    private void OnLeave(SocketIoEvent e)
    {
        if (!JoinRequest.TryReadRoom(e, out var room))
        {
            Refuse(e, SignalingError.BadRequest("leave takes the name of the room."));
            return;
        }

        hub.Apply(room, new RoomCommand.Leave(Id), reply =>
        {
            if (reply is RoomOutput.Left)
            {
                Exit(room);
                Answer(e, SignalingPayloads.Ok());
            }
            else
            {
                Refuse(e, SignalingError.From((RoomOutput.Refused)reply));
            }
        });
    }

    private void OnDisconnect()
    {
        _disconnected = true;
        hub.Remove(this);
        foreach (var room in _rooms.Keys)
        {
            LeaveBehind(room);
        }
    }

    private void LeaveBehind(string room)
    {
        Exit(room);
        hub.Apply(room, new RoomCommand.Disconnect(Id), static _ => { });
    }

    private void Enter(string room, RoomOutput.Joined joined)
    {
        Exit(room);
        _rooms[room] = new Membership(room, hub.Every(IceServerSource.RefreshAfter, () =>
            Send("ice-servers", room, SignalingPayloads.IceServers(hub.IceServersFor(joined.Stay, socket.Handshake)))));
    }

    private void Exit(string room)
    {
        if (_rooms.TryRemove(room, out var membership))
        {
            membership.Refresh.Dispose();
        }
    }

    private static void Answer(SocketIoEvent e, byte[] payload)
    {
        if (e.ExpectsAck)
        {
            e.Ack(Json(payload));
        }
    }

    private void Refuse(SocketIoEvent e, SignalingError error)
    {
        if (e.ExpectsAck)
        {
            e.Ack(Json(SignalingPayloads.Refused(error)));
        }
        else
        {
            socket.Emit("room-error", JoinRequest.TryReadRoom(e, out var room) ? NameOf(room) : SocketIoArgument.Null, Json(SignalingPayloads.RoomError(error)));
        }
    }

    private SocketIoArgument NameOf(string room) => _rooms.TryGetValue(room, out var membership) ? membership.Name : room;

    // What is sent was written by us, or checked when it was received.
    private static SocketIoArgument Json(ReadOnlyMemory<byte> utf8) => SocketIoArgument.RawJsonUnchecked(utf8);

    /// <summary>A room that this socket is in.</summary>
    /// <param name="Name">The room's name, encoded once.</param>
    /// <param name="Refresh">Sends new relay credentials before the old ones expire.</param>
    private sealed record Membership(SocketIoArgument Name, ITimer Refresh);
}
