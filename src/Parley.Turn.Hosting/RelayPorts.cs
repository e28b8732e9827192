using System.Collections;
using System.Security.Cryptography;

namespace Parley.Turn.Hosting;

/// <summary>
/// Which ports of the relay range this process uses, one set per family. Chosen at random (RFC 6056), and without asking the
/// kernel about our own ports, so that a nearly full range costs no time. Any thread; used by requests, never per packet.
/// </summary>
internal sealed class RelayPorts(int min, int max)
{
    private readonly Lock _lock = new();
    private readonly BitArray _taken = new(max - min + 1);
    private int _count;

    /// <summary>Ports taken now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Takes a free port, or an even one, or an even one and its successor (which is returned with it).</summary>
    public bool TryTake(RelayPort kind, out int port)
    {
        var step = kind == RelayPort.Any ? 1 : 2;
        lock (_lock)
        {
            var start = RandomNumberGenerator.GetInt32(_taken.Length);
            for (var i = 0; i < _taken.Length; i++)
            {
                port = min + ((start + i) % _taken.Length);
                if (port % step == 0 && IsFree(port) && (kind != RelayPort.EvenAndNext || IsFree(port + 1)))
                {
                    Take(port);
                    if (kind == RelayPort.EvenAndNext)
                    {
                        Take(port + 1);
                    }

                    return true;
                }
            }
        }

        port = 0;
        return false;
    }

    public void Return(int port)
    {
        lock (_lock)
        {
            _taken[port - min] = false;
            _count--;
        }
    }

    private bool IsFree(int port) => port <= max && !_taken[port - min];

    private void Take(int port)
    {
        _taken[port - min] = true;
        _count++;
    }
}
