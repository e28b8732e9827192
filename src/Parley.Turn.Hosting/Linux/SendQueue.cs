using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// What one round sends, by destination. Nothing is copied: the datagrams stay where they were received until
/// <see cref="Flush"/>. Not for several threads.
/// </summary>
internal sealed unsafe class SendQueue(MessageBatch batch, int capacity) : IDisposable
{
    private readonly Item* _items = (Item*)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(Item));
    private readonly Destination[] _destinations = new Destination[capacity];
    private int _itemCount;
    private int _destinationCount;

    /// <summary>How many more datagrams fit before <see cref="Flush"/>.</summary>
    public int Room => capacity - _itemCount;

    public bool IsEmpty => _itemCount == 0;

    /// <summary>Adds a datagram that lies in one piece.</summary>
    public void Add(Destination destination, byte* data, int length) => Add(destination, null, 0, data, length);

    /// <summary>Adds a datagram whose header lies elsewhere. The caller has made sure that there is <see cref="Room"/>.</summary>
    public void Add(Destination destination, byte* header, int headerLength, byte* data, int length)
    {
        var index = _itemCount++;
        _items[index] = new Item { Header = header, HeaderLength = headerLength, Data = data, Length = length, Next = -1 };
        if (destination.Last < 0)
        {
            destination.First = index;
            _destinations[_destinationCount++] = destination;
        }
        else
        {
            _items[destination.Last].Next = index;
        }

        destination.Last = index;
    }

    /// <summary>Hands everything to the kernel: destinations in the order they were first used, each one's datagrams in order.</summary>
    public void Flush()
    {
        for (var i = 0; i < _destinationCount; i++)
        {
            var destination = _destinations[i];
            for (var index = destination.First; index >= 0; index = _items[index].Next)
            {
                ref readonly var item = ref _items[index];
                batch.Add(destination, item.Header, item.HeaderLength, item.Data, item.Length);
            }

            destination.First = destination.Last = -1;
        }

        batch.Flush();
        Array.Clear(_destinations, 0, _destinationCount);
        _itemCount = _destinationCount = 0;
    }

    public void Dispose() => NativeMemory.Free(_items);

    private struct Item
    {
        public byte* Header;
        public byte* Data;
        public int HeaderLength;
        public int Length;
        public int Next;
    }
}
