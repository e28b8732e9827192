namespace Parley.Turn.Hosting.Linux;

/// <summary>What an engine polls, by the number registered with epoll. Numbers of closed sockets are used again.</summary>
internal sealed class PollTable
{
    private readonly Stack<int> _free = new();
    private Entry?[] _entries = new Entry?[64];
    private int _count;

    /// <summary>Entries in use.</summary>
    public int Count => _count - _free.Count;

    /// <summary>What has that number; null if it was removed since epoll reported it.</summary>
    public Entry? this[long index] => _entries[index];

    public int Add(Entry entry)
    {
        if (!_free.TryPop(out var index))
        {
            index = _count++;
            if (index == _entries.Length)
            {
                Array.Resize(ref _entries, 2 * index);
            }
        }

        _entries[index] = entry;
        return index;
    }

    public void Remove(int index)
    {
        _entries[index] = null;
        _free.Push(index);
    }

    /// <summary>One descriptor: a listener's, a relay socket's, or the one that wakes the thread (neither of both).</summary>
    internal sealed class Entry(int descriptor, Listener? listener, LinuxRelaySocket? relay)
    {
        public int Descriptor { get; } = descriptor;

        public Listener? Listener { get; } = listener;

        public LinuxRelaySocket? Relay { get; } = relay;

        /// <summary>How many datagrams to ask for next: sockets differ, and asking for many costs time.</summary>
        public int Appetite { get; set; } = 1;
    }
}
