using System.Text;
using Parley.SocketIo.Json;

namespace Parley.SocketIo.AspNetCore;

/// <summary>
/// Handlers by event name. Written rarely, under a lock; read without one. A list that is searched from its start: applications have few events, a socket
/// has few handlers, and ten thousand sockets have ten thousand of these.
/// </summary>
internal sealed class EventHandlers
{
    private readonly Lock _gate = new();
    private volatile Entry[] _entries = [];

    public void Add(string name, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(handler);
        if (SocketIoEventNames.IsReserved(name))
        {
            throw new ArgumentException($"'{name}' is a name that the protocol keeps for itself: no such event comes from a client.", nameof(name));
        }

        lock (_gate)
        {
            var index = Array.FindIndex(_entries, entry => entry.Name == name);
            _entries = index < 0
                ? [.. _entries, new Entry(name, [handler])]
                : [.. _entries[..index], new Entry(name, [.. _entries[index].Handlers, handler]), .. _entries[(index + 1)..]];
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _entries = Array.FindAll(_entries, entry => entry.Name != name);
        }
    }

    /// <summary>The handlers for an event, by its name as JSON.</summary>
    public Entry? Find(ReadOnlySpan<byte> nameJson)
    {
        var name = nameJson[0] == (byte)'"' ? nameJson[1..^1] : nameJson;
        var unescaped = name.Contains((byte)'\\') ? JsonText.Unescape(name) : null;
        foreach (var entry in _entries)
        {
            if (unescaped is null ? IsSame(name, entry.Name) : unescaped == entry.Name)
            {
                return entry;
            }
        }

        return null;
    }

    private static bool IsSame(ReadOnlySpan<byte> utf8, string name) => Ascii.Equals(utf8, name) || Utf8NameComparer.Instance.Equals(utf8, name);

    public sealed record Entry(string Name, Delegate[] Handlers);
}
