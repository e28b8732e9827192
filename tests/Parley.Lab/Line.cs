using Microsoft.Win32.SafeHandles;

namespace Parley.Lab;

/// <summary>
/// A line between two namespaces: a TUN device at each end, and a thread between them that keeps every packet until it is due.
/// The kernel's own emulation (netem) is not everywhere; this needs nothing but TUN.
/// </summary>
public sealed class Line : IDisposable
{
    // The longest a wait lasts, so that a line being closed is noticed.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly LineDirection _there;
    private readonly LineDirection _back;
    private readonly SafeFileHandle[] _ends;
    private readonly Thread _thread;
    private volatile LineConditions _conditions = LineConditions.Perfect;
    private volatile bool _closed;

    private Line(SafeFileHandle near, SafeFileHandle far)
    {
        _ends = [near, far];
        _there = new LineDirection(near, far, new Random(1));
        _back = new LineDirection(far, near, new Random(2));
        _thread = new Thread(Carry) { IsBackground = true, Name = "lab line", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>How the line behaves from now on. Packets under way keep their due time, except that a cut loses them.</summary>
    public LineConditions Conditions
    {
        get => _conditions;
        set => _conditions = value;
    }

    /// <summary>Packets carried so far, both directions.</summary>
    public long Carried => _there.Carried + _back.Carried;

    /// <summary>Packets lost so far, both directions: by chance, by a full queue, by a cut.</summary>
    public long Lost => _there.Lost + _back.Lost;

    /// <summary>Loses everything from now on, as a pulled cable does beyond the next switch.</summary>
    public void Cut() => Conditions = Conditions with { Cut = true };

    /// <summary>Carries again.</summary>
    public void Mend() => Conditions = Conditions with { Cut = false };

    /// <summary>Makes the two devices, still down and without addresses, and starts to carry.</summary>
    internal static Line Lay(NetworkNamespace near, string nearDevice, NetworkNamespace far, string farDevice)
    {
        var first = near.Call(() => Native.OpenTun(nearDevice));
        try
        {
            return new Line(first, far.Call(() => Native.OpenTun(farDevice)));
        }
        catch (LabException)
        {
            first.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _closed = true;
        _thread.Join();
        foreach (var end in _ends)
        {
            end.Dispose();
        }
    }

    private void Carry()
    {
        Span<Native.PollEntry> entries =
        [
            new() { Descriptor = (int)_ends[0].DangerousGetHandle(), Events = Native.PollIn },
            new() { Descriptor = (int)_ends[1].DangerousGetHandle(), Events = Native.PollIn },
        ];
        while (!_closed)
        {
            var timeout = new Native.TimeSpec(Shortest(Shortest(_there.UntilNext(), _back.UntilNext()), LongestWait));
            _ = Native.Poll(entries, (nuint)entries.Length, in timeout, 0);
            var conditions = _conditions;
            _there.Take(conditions);
            _back.Take(conditions);
            _there.Deliver(conditions);
            _back.Deliver(conditions);
        }
    }

    private static TimeSpan Shortest(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
