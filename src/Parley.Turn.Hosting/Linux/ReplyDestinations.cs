using Parley.Stun;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// Destinations of messages to clients that need not have an allocation, used again after each flush: answering a stranger
/// allocates nothing.
/// </summary>
internal sealed class ReplyDestinations
{
    private readonly Reply[] _replies = [.. Enumerable.Range(0, 256).Select(_ => new Reply())];
    private int _used;

    public bool IsExhausted => _used == _replies.Length;

    /// <summary>The next one, or the last one again if it leads to the same client. The caller has made sure that there is one.</summary>
    public Destination Get(int socket, in TransportAddress client)
    {
        if (_used > 0 && _replies[_used - 1].Leads(socket, client))
        {
            return _replies[_used - 1];
        }

        var reply = _replies[_used++];
        reply.Lead(socket, client);
        return reply;
    }

    public void Reset() => _used = 0;

    private sealed class Reply() : Destination(-1, default)
    {
        private TransportAddress _client;

        public bool Leads(int socket, in TransportAddress client) => Socket == socket && _client == client;

        public void Lead(int socket, in TransportAddress client)
        {
            (Socket, _client, Address, JoinBelow) = (socket, client, SockAddr.From(client), int.MaxValue);
        }
    }
}
