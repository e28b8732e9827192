using System.Buffers;
using System.Text.Json.Serialization.Metadata;

namespace Parley.SocketIo.AspNetCore;

/// <summary>
/// Sockets to send to: a whole namespace, or the union of some rooms, less the sender and the members of other rooms. Each socket gets an event once.
/// A socket's id counts as a room that it alone is in.
/// </summary>
public readonly struct SocketIoTarget
{
    private readonly SocketIoNamespace _namespace;
    private readonly SocketIoSocket? _sender;
    private readonly string[]? _rooms;
    private readonly string[]? _except;
    private readonly bool _volatile;

    internal SocketIoTarget(SocketIoNamespace @namespace, SocketIoSocket? sender, string[]? rooms = null, string[]? except = null, bool @volatile = false)
    {
        _namespace = @namespace;
        _sender = sender;
        _rooms = rooms;
        _except = except;
        _volatile = @volatile;
    }

    /// <summary>The same without what a client cannot take at once: for it the event is dropped.</summary>
    public SocketIoTarget Volatile => new(_namespace, _sender, _rooms, _except, @volatile: true);

    /// <summary>The members of some rooms, besides those of rooms named before.</summary>
    public SocketIoTarget To(params ReadOnlySpan<string> rooms) => new(_namespace, _sender, [.. _rooms ?? [], .. rooms], _except, _volatile);

    /// <summary>The same less the members of some rooms.</summary>
    public SocketIoTarget Except(params ReadOnlySpan<string> rooms) => new(_namespace, _sender, _rooms, [.. _except ?? [], .. rooms], _volatile);

    /// <summary>Sends an event to all of them, encoded once. Returns how many it was sent or queued to.</summary>
    public int Emit(string name, params ReadOnlySpan<SocketIoArgument> arguments)
    {
        var frames = SocketIoPacketWriter.Event(_namespace.Name, -1, SocketIoNamespace.CheckName(name), arguments);
        if (_rooms is [var room] && _except is null)
        {
            return SendToRoom(room, frames);
        }

        var sent = 0;
        foreach (var socket in Sockets())
        {
            sent += socket.Send(frames, _volatile) ? 1 : 0;
        }

        return sent;
    }

    /// <summary>Sends an event with one value to all of them.</summary>
    public int Emit<T>(string name, T value, JsonTypeInfo<T> typeInfo) => Emit(name, SocketIoArgument.From(value, typeInfo));

    /// <summary>The sockets as they are now.</summary>
    public IReadOnlyCollection<SocketIoSocket> Sockets()
    {
        var sockets = new HashSet<SocketIoSocket>();
        if (_rooms is null)
        {
            sockets.UnionWith(_namespace.Sockets);
        }
        else
        {
            foreach (var room in _rooms)
            {
                Add(room, sockets);
            }
        }

        if (_sender is not null)
        {
            sockets.Remove(_sender);
        }

        if (_except is not null)
        {
            var excepted = new HashSet<SocketIoSocket>();
            foreach (var room in _except)
            {
                Add(room, excepted);
            }

            sockets.ExceptWith(excepted);
        }

        return sockets;
    }

    /// <summary>Makes all of them join a room.</summary>
    public void Join(string room)
    {
        foreach (var socket in Sockets())
        {
            socket.Join(room);
        }
    }

    /// <summary>Makes all of them leave a room.</summary>
    public void Leave(string room)
    {
        foreach (var socket in Sockets())
        {
            socket.Leave(room);
        }
    }

    /// <summary>Disconnects all of them, as <see cref="SocketIoSocket.Disconnect"/> does.</summary>
    public void Disconnect(bool closeConnection = false)
    {
        foreach (var socket in Sockets())
        {
            socket.Disconnect(closeConnection);
        }
    }

    // The ordinary case, without sets.
    private int SendToRoom(string room, in SocketIoFrames frames)
    {
        var sent = 0;
        _namespace.TryGetSocket(room, out var own);
        if (own is not null && own != _sender)
        {
            sent += own.Send(frames, _volatile) ? 1 : 0;
        }

        var members = _namespace.Rooms.RentMembers(room, out var count);
        foreach (var member in members.AsSpan(0, count))
        {
            if (member != _sender && member != own)
            {
                sent += member.Send(frames, _volatile) ? 1 : 0;
            }
        }

        ArrayPool<SocketIoSocket>.Shared.Return(members, clearArray: true);
        return sent;
    }

    private void Add(string room, HashSet<SocketIoSocket> to)
    {
        if (_namespace.TryGetSocket(room, out var own))
        {
            to.Add(own);
        }

        _namespace.Rooms.AddMembers(room, to);
    }
}
