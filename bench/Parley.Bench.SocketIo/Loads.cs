using System.Diagnostics;

namespace Parley.Bench.SocketIo;

/// <summary>A load that counts what was delivered and how long it took.</summary>
internal abstract class Load(Fleet fleet) : ILoad
{
    protected Fleet Fleet => fleet;

    /// <summary>Messages, or calls, that were completed since the last reset.</summary>
    public long Done { get; protected set; }

    public LatencyHistogram Times { get; } = new();

    public void Reset()
    {
        Done = 0;
        Times.Clear();
    }

    public abstract void Run(TimeSpan time);

    public virtual void Joined(Client client, long now) => throw new UnreachableException("Nobody joins in this load.");

    public abstract void Message(Client client, ReadOnlySpan<byte> packet, long now);

    public virtual void Left(Client client, long now) => throw new UnreachableException("Nobody leaves in this load.");
}

/// <summary>One message under way in each room: whoever gets it sends the next.</summary>
internal sealed class PingPongLoad : Load
{
    private readonly byte[][] _messages;

    public PingPongLoad(Fleet fleet)
        : base(fleet)
    {
        _messages = [.. fleet.Clients.Select(client => RoomMessage.Candidate(client.Room))];
        fleet.Load = this;
        foreach (var client in fleet.Clients.Where(client => client.Index % 2 == 0))
        {
            Send(client);
        }
    }

    public override void Run(TimeSpan time) => Fleet.PollFor(time);

    public override void Message(Client client, ReadOnlySpan<byte> packet, long now)
    {
        Times.Add(now - RoomMessage.TimeOf(packet));
        Done++;
        Send(client);
    }

    private void Send(Client client)
    {
        var message = _messages[client.Index];
        RoomMessage.SetTime(message, Stopwatch.GetTimestamp());
        client.SendMessage(message);
    }
}

/// <summary>
/// So many messages per second, from one client after the other, whatever became of those before. A message's time counts from when it was due, so that
/// a server that holds up the generator does not hide it.
/// </summary>
internal sealed class PacedLoad : Load
{
    // Consecutive senders are far apart in the order in which they connected.
    private const int Step = 7919;

    private readonly int _perSecond;
    private readonly byte[][] _messages;
    private int _next;

    public PacedLoad(Fleet fleet, int perSecond)
        : base(fleet)
    {
        _perSecond = perSecond;
        _messages = [.. fleet.Clients.Select(client => RoomMessage.Candidate(client.Room))];
        fleet.Load = this;
    }

    public override void Run(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var total = (long)(time.TotalSeconds * _perSecond);
        for (long sent = 0; sent < total;)
        {
            var due = Math.Min(total, (Stopwatch.GetTimestamp() - start) * _perSecond / Stopwatch.Frequency);
            for (; sent < due; sent++)
            {
                var message = _messages[_next];
                RoomMessage.SetTime(message, start + (sent * Stopwatch.Frequency / _perSecond));
                Fleet.Clients[_next].SendMessage(message);
                _next = (_next + Step) % _messages.Length;
            }

            Fleet.Poll(0);
        }
    }

    public override void Message(Client client, ReadOnlySpan<byte> packet, long now)
    {
        // Arrivals of one batch are handled one after the other; each has its own time.
        Times.Add(Stopwatch.GetTimestamp() - RoomMessage.TimeOf(packet));
        Done++;
    }
}

/// <summary>
/// Calls one after the other in each room: both connect and join, the first sends an offer and nine candidates, the second an answer and nine candidates,
/// both leave and close.
/// </summary>
internal sealed class CallLoad : Load
{
    private const int MessagesEach = 10;

    private readonly byte[][] _descriptions;
    private readonly byte[][] _candidates;
    private bool _running;

    public CallLoad(Fleet fleet)
        : base(fleet)
    {
        _descriptions = [.. fleet.Clients.Select(client => RoomMessage.Description(client.Room, client.Index % 2 == 0 ? "offer" : "answer"))];
        _candidates = [.. fleet.Clients.Select(client => RoomMessage.Candidate(client.Room))];
        fleet.Load = this;
    }

    public override void Run(TimeSpan time)
    {
        _running = true;
        foreach (var client in Fleet.Clients.Where(client => client.Index % 2 == 0 && client.Stage == Stage.Away && Fleet.PartnerOf(client).Stage == Stage.Away))
        {
            Begin(client);
        }

        Fleet.PollFor(time);
    }

    /// <summary>Lets calls end and begins no more.</summary>
    public void Finish()
    {
        _running = false;
        while (Fleet.Clients.Any(client => client.Stage != Stage.Away))
        {
            Fleet.Poll(5);
        }
    }

    public override void Joined(Client client, long now)
    {
        var partner = Fleet.PartnerOf(client);
        if (partner.Stage == Stage.Joined)
        {
            SendAll(client.Index % 2 == 0 ? client : partner);
        }
    }

    public override void Message(Client client, ReadOnlySpan<byte> packet, long now)
    {
        if (client.Index % 2 == 1 && client.Received == 1)
        {
            SendAll(client);
        }

        var partner = Fleet.PartnerOf(client);
        if (client.Received == MessagesEach && partner.Received == MessagesEach)
        {
            client.Leave();
            partner.Leave();
        }
    }

    public override void Left(Client client, long now)
    {
        client.Close();
        var partner = Fleet.PartnerOf(client);
        if (partner.Stage == Stage.Away)
        {
            Done++;
            Times.Add(now - Math.Min(client.StartedAt, partner.StartedAt));
            if (_running)
            {
                Begin(client);
            }
        }
    }

    private void Begin(Client client)
    {
        Fleet.Connect(client);
        Fleet.Connect(Fleet.PartnerOf(client));
    }

    private void SendAll(Client client)
    {
        client.SendMessage(_descriptions[client.Index]);
        for (var i = 1; i < MessagesEach; i++)
        {
            client.SendMessage(_candidates[client.Index]);
        }
    }
}
