using System.Buffers;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Which sockets of a namespace are in which room. Empty rooms do not exist.</summary>
internal sealed class RoomTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RoomMembers> _rooms = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _rooms.Count;
            }
        }
    }

    public bool Join(SocketIoSocket socket, string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (socket.HasLeftRooms)
            {
                return false;
            }

            if (!_rooms.TryGetValue(room, out var members))
            {
                _rooms.Add(room, members = new RoomMembers());
            }

            if (members.Add(socket))
            {
                (socket.JoinedRooms ??= new List<string>(1)).Add(room);
            }

            return true;
        }
    }

    public void Leave(SocketIoSocket socket, string room)
    {
        lock (_gate)
        {
            if (socket.JoinedRooms?.Remove(room) == true)
            {
                Remove(socket, room);
            }
        }
    }

    /// <summary>Takes a socket out of all its rooms for good.</summary>
    public void LeaveAll(SocketIoSocket socket)
    {
        lock (_gate)
        {
            socket.HasLeftRooms = true;
            foreach (var room in socket.JoinedRooms ?? [])
            {
                Remove(socket, room);
            }

            socket.JoinedRooms = null;
        }
    }

    public IReadOnlyList<string> Of(SocketIoSocket socket)
    {
        lock (_gate)
        {
            return socket.JoinedRooms is { } rooms ? [.. rooms] : [];
        }
    }

    /// <summary>Adds the members of a room to a set.</summary>
    public void AddMembers(string room, HashSet<SocketIoSocket> to)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(room, out var members))
            {
                members.AddTo(to);
            }
        }
    }

    /// <summary>The members of a room in an array of the shared pool, to be cleared and returned.</summary>
    public SocketIoSocket[] RentMembers(string room, out int count)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(room, out var members))
            {
                count = 0;
                return [];
            }

            count = members.Count;
            var copy = ArrayPool<SocketIoSocket>.Shared.Rent(count);
            members.CopyTo(copy);
            return copy;
        }
    }

    private void Remove(SocketIoSocket socket, string room)
    {
        var members = _rooms[room];
        members.Remove(socket);
        if (members.Count == 0)
        {
            _rooms.Remove(room);
        }
    }
}
