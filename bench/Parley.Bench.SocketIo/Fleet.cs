using System.Diagnostics;
using System.Net;

namespace Parley.Bench.SocketIo;

/// <summary>What a load does when something happens to a client.</summary>
internal interface ILoad
{
    void Joined(Client client, long now);

    void Message(Client client, ReadOnlySpan<byte> packet, long now);

    void Left(Client client, long now);
}

/// <summary>Clients and the loop that serves them, all on one thread. Clients 2n and 2n + 1 share a room.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly EndPoint _server;
    private readonly byte[] _buffer = new byte[256 * 1024];

    public Fleet(int count, int port)
    {
        _server = new IPEndPoint(IPAddress.Loopback, port);
        Clients = new Client[count];
        for (var i = 0; i < count; i++)
        {
            Clients[i] = new Client(this, i);
        }
    }

    public Client[] Clients { get; }

    public Epoll Epoll { get; } = new();

    public byte[] SendBuffer { get; } = new byte[64 * 1024];

    public ILoad Load { get; set; } = Idle.Instance;

    public Client PartnerOf(Client client) => Clients[client.Index ^ 1];

    public void Connect(Client client) => client.Connect(_server, Stopwatch.GetTimestamp());

    /// <summary>Handles what is ready, or waits for it no longer than the given time.</summary>
    public void Poll(int timeoutMs)
    {
        var ready = Epoll.Wait(timeoutMs);
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < ready; i++)
        {
            Clients[Epoll[i]].OnReady(_buffer, now);
        }
    }

    public void PollFor(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            Poll(1);
        }
    }

    /// <summary>Connects all clients and lets them join their rooms, so many at once. Returns how long each took.</summary>
    public LatencyHistogram ConnectAll(int atOnce)
    {
        var joining = new Joining(this);
        Load = joining;
        joining.Start(atOnce);
        var clock = Stopwatch.StartNew();
        while (joining.Joined < Clients.Length)
        {
            Poll(5);
            if (clock.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"Only {joining.Joined} of {Clients.Length} clients joined within a minute.");
            }
        }

        Load = Idle.Instance;
        return joining.Times;
    }

    public void CutAll()
    {
        foreach (var client in Clients.Where(client => client.Stage != Stage.Away))
        {
            client.Cut();
        }
    }

    public void Dispose()
    {
        CutAll();
        Epoll.Dispose();
    }

    private sealed class Joining(Fleet fleet) : ILoad
    {
        private int _next;

        public int Joined { get; private set; }

        public LatencyHistogram Times { get; } = new();

        public void Start(int atOnce)
        {
            while (_next < Math.Min(atOnce, fleet.Clients.Length))
            {
                fleet.Connect(fleet.Clients[_next++]);
            }
        }

        void ILoad.Joined(Client client, long now)
        {
            Joined++;
            Times.Add(now - client.StartedAt);
            if (_next < fleet.Clients.Length)
            {
                fleet.Connect(fleet.Clients[_next++]);
            }
        }

        void ILoad.Message(Client client, ReadOnlySpan<byte> packet, long now)
        {
        }

        void ILoad.Left(Client client, long now)
        {
        }
    }

    // Stragglers of the load before are nobody's.
    private sealed class Idle : ILoad
    {
        public static readonly Idle Instance = new();

        public void Joined(Client client, long now)
        {
        }

        public void Message(Client client, ReadOnlySpan<byte> packet, long now)
        {
        }

        public void Left(Client client, long now)
        {
        }
    }
}
