using Parley.Stun;

namespace Parley.Turn.Hosting;

// Relay sockets: asked for by the shard in the middle of a call, opened after it.
internal abstract unsafe partial class RelayEngine
{
    /// <summary>How often another program may be met on a port that we thought free.</summary>
    private const int MaxForeignPorts = 32;

    private readonly Queue<RelayRequest> _relayRequests = new();

    /// <summary>Notes that the shard wants a relay socket.</summary>
    public void RequestRelay(in RelayRequest request) => _relayRequests.Enqueue(request);

    /// <summary>Ends an allocation's relay socket.</summary>
    public void CloseRelay(AllocationId allocation, AddressFamily family)
    {
        if (Detach(allocation, family) is { } socket)
        {
            Group.Close(socket);
        }
    }

    /// <summary>Ends the socket kept under a token.</summary>
    public void ReleaseReservation(ulong token)
    {
        if (Group.Claim(token) is { } socket)
        {
            Group.Close(socket);
        }
    }

    /// <summary>Binds a socket that nobody receives from yet; null if the system refuses, and then says whether for the port.</summary>
    protected abstract RelaySocket? TryBind(AddressFamily family, int port, out bool isPortTaken);

    /// <summary>Begins to receive from a socket for an allocation.</summary>
    protected abstract bool TryAttach(AllocationId allocation, RelaySocket socket);

    /// <summary>Ends receiving from an allocation's socket; null if it has none of that family.</summary>
    protected abstract RelaySocket? Detach(AllocationId allocation, AddressFamily family);

    private void AnswerRelayRequests()
    {
        while (_relayRequests.TryDequeue(out var request))
        {
            var socket = request.Port == RelayPort.Reserved ? Group.Claim(request.ReservationToken) : Bind(request);
            if (socket is not null && Group.ToldAddress(socket.Family) is { } address && TryAttach(request.Allocation, socket))
            {
                var relayed = new RelayedTransportAddress(new TransportAddress(address, (ushort)socket.Port));
                Shard.RelayOpened(request, relayed, Now, ref _sink);
                continue;
            }

            if (socket is not null)
            {
                Group.Close(socket);
                ReleaseReservation(request.ReservationToken);
            }

            Shard.RelayFailed(request, Now, ref _sink);
        }
    }

    private RelaySocket? Bind(in RelayRequest request)
    {
        var ports = Group.Ports(request.Family);
        for (var i = 0; i < MaxForeignPorts && ports.TryTake(request.Port, out var port); i++)
        {
            var socket = TryBind(request.Family, port, out var isPortTaken);
            if (request.Port != RelayPort.EvenAndNext)
            {
                if (socket is not null)
                {
                    return socket;
                }

                ports.Return(port);
            }
            else
            {
                var next = socket is null ? null : TryBind(request.Family, port + 1, out isPortTaken);
                if (next is not null)
                {
                    Group.Reserve(request.ReservationToken, next);
                    return socket;
                }

                socket?.Close();
                ports.Return(port);
                ports.Return(port + 1);
            }

            if (!isPortTaken)
            {
                return null;
            }
        }

        return null;
    }
}
