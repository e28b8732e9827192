using System.Net;
using Parley.Stun;

namespace Parley.Turn.Hosting.Linux;

/// <summary>A UDP socket that clients send to. Every shard has one for each address, and the kernel spreads the clients over them.</summary>
internal sealed class Listener(int socket, IPEndPoint endPoint)
{
    public int Socket { get; } = socket;

    public IPEndPoint EndPoint { get; } = endPoint;

    public TransportAddress Address { get; } = endPoint.ToTransportAddress();
}
