namespace Parley.SocketIo.AspNetCore;

/// <summary>Who is in a room. Most rooms are of one or two, for whom a hash set would be four times as large.</summary>
internal sealed class RoomMembers
{
    private SocketIoSocket? _first;
    private SocketIoSocket? _second;
    private HashSet<SocketIoSocket>? _others;

    public int Count => (_first is null ? 0 : 1) + (_second is null ? 0 : 1) + (_others?.Count ?? 0);

    public bool Add(SocketIoSocket socket)
    {
        if (socket == _first || socket == _second || _others?.Contains(socket) == true)
        {
            return false;
        }

        if (_first is null)
        {
            _first = socket;
        }
        else if (_second is null)
        {
            _second = socket;
        }
        else
        {
            (_others ??= []).Add(socket);
        }

        return true;
    }

    public void Remove(SocketIoSocket socket)
    {
        if (socket == _first)
        {
            _first = null;
        }
        else if (socket == _second)
        {
            _second = null;
        }
        else
        {
            _others?.Remove(socket);
        }
    }

    public void CopyTo(SocketIoSocket[] array)
    {
        var count = 0;
        if (_first is not null)
        {
            array[count++] = _first;
        }

        if (_second is not null)
        {
            array[count++] = _second;
        }

        _others?.CopyTo(array, count);
    }

    public void AddTo(HashSet<SocketIoSocket> sockets)
    {
        if (_first is not null)
        {
            sockets.Add(_first);
        }

        if (_second is not null)
        {
            sockets.Add(_second);
        }

        if (_others is not null)
        {
            sockets.UnionWith(_others);
        }
    }
}
