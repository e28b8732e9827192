using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Parley.Signaling;
using Parley.SocketIo.AspNetCore;

namespace Parley.AspNetCore;

/// <summary>Joins sockets and rooms: one <see cref="SignalingSession"/> for each connected socket.</summary>
internal sealed class SignalingHub : IDisposable
{
    // How long somebody may stay away from a server that forgot the room, and still prove to have had the seat.
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<ConnectionId, SignalingSession> _sessions = new();
    private readonly byte[] _ticketKey;
    private readonly RoomHost _rooms;
    private readonly IceServerSource _iceServers;
    private readonly TimeProvider _time;

    public SignalingHub(IOptions<ParleyOptions> options, IceServerSource iceServers, TimeProvider time)
    {
        _iceServers = iceServers;
        var rooms = options.Value.Rooms;
        Settings = new RoomSettings { ResumeWindow = rooms.ResumeWindow };
        _time = time;
        _rooms = new RoomHost(Settings, time, Deliver);
        _ticketKey = rooms.TicketKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : RandomNumberGenerator.GetBytes(32);
    }

    public RoomSettings Settings { get; }

    public void Connect(SocketIoSocket socket)
    {
        var session = new SignalingSession(socket, this);
        _sessions[session.Id] = session;
        session.Listen();
    }

    public void Remove(SignalingSession session) => _sessions.TryRemove(session.Id, out _);

    public void Apply(string room, RoomCommand command, Action<RoomOutput> reply) => _rooms.Apply(room, command, reply);

    public DateTimeOffset Now => _time.GetUtcNow();

    public SeatClaim? ReadClaim(string room, string? token) =>
        token is not null && SeatToken.TryRead(_ticketKey, room, token, Now, out var claim) ? claim : null;

    public string MakeToken(string room, SeatClaim claim) => SeatToken.Create(_ticketKey, room, claim, Now + TokenLifetime);

    public IReadOnlyList<IceServer> IceServersFor(StayId stay, SocketIoHandshake handshake) => _iceServers.For(stay.Value, handshake);

    /// <summary>The user of the relay during a stay. Seen in clear by whoever is on the path to the relay, so it says nothing of the room.</summary>
    public static StayId NewStayId() => new(RandomNumberGenerator.GetHexString(20, lowercase: true));

    /// <summary>Does something again and again, until the timer is disposed of.</summary>
    public ITimer Every(TimeSpan period, Action action) => _time.CreateTimer(_ => action(), null, period, period);

    /// <summary>The id of somebody new; the same each time for one who brings a secret, which the id does not give away.</summary>
    public ParticipantId NewParticipantId(string room, string? secret)
    {
        Span<byte> id = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (secret is null)
        {
            RandomNumberGenerator.Fill(id);
        }
        else
        {
            HMACSHA256.HashData(_ticketKey, Encoding.UTF8.GetBytes($"participant\0{room}\0{secret}"), id);
        }

        return new ParticipantId(Convert.ToHexStringLower(id[..10]));
    }

    public void Dispose() => _rooms.Dispose();

    private void Deliver(string room, RoomOutput output)
    {
        switch (output)
        {
            case RoomOutput.Deliver deliver:
                Find(deliver.To)?.SendMessage(room, deliver.Message);
                break;
            case RoomOutput.PeerJoined joined:
                Find(joined.To)?.Send("peer-joined", room, SignalingPayloads.PeerJoined(joined.Peer));
                break;
            case RoomOutput.PeerAway away:
                Find(away.To)?.Send("peer-away", room, SignalingPayloads.PeerId(away.Id));
                break;
            case RoomOutput.PeerBack back:
                Find(back.To)?.Send("peer-back", room, SignalingPayloads.PeerId(back.Id));
                break;
            case RoomOutput.PeerLeft left:
                Find(left.To)?.Send("peer-left", room, SignalingPayloads.PeerLeft(left));
                break;
            case RoomOutput.Freed freed:
                _iceServers.Revoke(freed.Stay.Value);
                break;
            case RoomOutput.Replaced replaced:
                Find(replaced.To)?.Dismiss("replaced", room);
                break;
            case RoomOutput.Displaced displaced:
                Find(displaced.To)?.Dismiss("displaced", room);
                break;
        }
    }

    private SignalingSession? Find(ConnectionId id) => _sessions.GetValueOrDefault(id);
}
