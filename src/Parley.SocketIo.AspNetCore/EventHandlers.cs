using Parley.SocketIo.Json;

namespace Parley.SocketIo.AspNetCore;

/// <summary>Handlers by event name. Written rarely, under a lock; read without one.</summary>
internal sealed class EventHandlers
{
    private readonly Lock _gate = new();
    private volatile Dictionary<string, Entry> _byName = new(Utf8NameComparer.Instance);

    public void Add(string name, Delegate handler)
    {
        if (SocketIoEventNames.IsReserved(name))
        {
            throw new ArgumentException($"'{name}' is a name that the protocol keeps for itself: no such event comes from a client.", nameof(name));
        }

        lock (_gate)
        {
            var before = _byName.TryGetValue(name, out var entry) ? entry.Handlers : [];
            _byName = new Dictionary<string, Entry>(_byName, Utf8NameComparer.Instance) { [name] = new Entry(name, [.. before, handler]) };
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            var remaining = new Dictionary<string, Entry>(_byName, Utf8NameComparer.Instance);
            remaining.Remove(name);
            _byName = remaining;
        }
    }

    /// <summary>The handlers for an event, by its name as JSON.</summary>
    public Entry? Find(ReadOnlySpan<byte> nameJson)
    {
        var byName = _byName;
        var name = nameJson[0] == (byte)'"' ? nameJson[1..^1] : nameJson;
        if (name.Contains((byte)'\\'))
        {
            return byName.GetValueOrDefault(JsonText.Unescape(name));
        }

        return byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var entry) ? entry : null;
    }

    public sealed record Entry(string Name, Delegate[] Handlers);
}
