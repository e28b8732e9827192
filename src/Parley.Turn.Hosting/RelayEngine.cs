using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting;

/// <summary>
/// Runs one shard on one thread: moves datagrams between sockets and shard, sends what the shard decides, opens its relay
/// sockets, keeps its time. Sockets are the subclass's; everything here is the same on every platform.
/// </summary>
internal abstract unsafe partial class RelayEngine : IDisposable
{
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<Action<RelayEngine>> _commands = new();
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly Arena _scratch = new(1 << 20);
    private Instant _nextHousekeeping = new(long.MinValue);
    private EngineSink _sink;
    private int _asleep;
    private volatile bool _stopping;

    protected RelayEngine(EngineGroup group, TurnShard shard, ILogger logger)
    {
        Group = group;
        Shard = shard;
        _logger = logger;
        _sink = new EngineSink(this);
        _inbound = new HandOverRing?[MaxShards];
        _thread = new Thread(Run) { Name = $"turn-{shard.Number}", IsBackground = true };
    }

    public TurnShard Shard { get; }

    public EngineCounters Counters { get; } = new();

    protected EngineGroup Group { get; }

    /// <summary>For bytes that must live until they are sent.</summary>
    protected Arena ScratchMemory => _scratch;

    private TimeSpan StreamSweepInterval => TimeSpan.FromTicks(Math.Min(Group.StreamIdleTimeout.Ticks / 4, HousekeepingInterval.Ticks));

    /// <summary>Where clients reach this engine.</summary>
    public abstract IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>Sockets polled for relays. Any thread; perhaps a moment old.</summary>
    public abstract int RelaySocketCount { get; }

    /// <summary>The time of this round.</summary>
    protected Instant Now { get; private set; }

    public void Start() => _thread.Start();

    /// <summary>Asks the thread to end. <see cref="Join"/> waits for that.</summary>
    public void Stop()
    {
        _stopping = true;
        Notify();
    }

    public void Join() => _thread.Join();

    /// <summary>Frees the buffers. After <see cref="Join"/> of all engines of the group.</summary>
    public virtual void Dispose()
    {
        _scratch.Dispose();
        _streamInput.Dispose();
        foreach (var ring in _inbound)
        {
            ring?.Dispose();
        }
    }

    /// <summary>Has the engine's thread run something, soon; after that has ended, the caller's. Any thread.</summary>
    public void Post(Action<RelayEngine> command)
    {
        _commands.Enqueue(command);
        if (_hasEnded)
        {
            RunCommands();
        }
        else
        {
            Notify();
        }
    }

    /// <summary>Ends a user's allocations in this shard and takes back their credentials. Any thread.</summary>
    public Task RevokeAsync(string user, DateTimeOffset throughExpiry)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(engine =>
        {
            engine.Shard.Revoke(user, throughExpiry, engine.Now, ref engine._sink);
            done.SetResult();
        });
        return done.Task;
    }

    /// <summary>Wakes the engine's thread if it sleeps, after something was left for it. Any thread.</summary>
    public void Notify()
    {
        // Pairs with the fence in Sleep: either we see that it sleeps, or it sees what we left.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            Wake();
        }
    }

    /// <summary>Interrupts the wait of <see cref="WaitAndReceive"/>. Any thread.</summary>
    protected abstract void Wake();

    /// <summary>Bytes that live until they are sent.</summary>
    protected byte* Scratch(int bytes)
    {
        if (!_scratch.HasRoom(bytes))
        {
            SendQueued();
            _scratch.Reset();
        }

        return _scratch.Take(bytes);
    }

    /// <summary>Waits until a socket is ready, <see cref="Wake"/> is called or the time is over; then calls <see cref="BeginRound"/> and receives.</summary>
    protected abstract void WaitAndReceive(int timeoutMs);

    /// <summary>Sends what is queued. What lies in the engine's buffers is no longer referred to, but not yet overwritten either.</summary>
    protected abstract void SendQueued();

    /// <summary>The round is over and everything sent: receive buffers may be overwritten.</summary>
    protected abstract void EndRound();

    /// <summary>Closes the listeners; the shard has closed its relays.</summary>
    protected abstract void CloseSockets();

    /// <summary>Reads the clock.</summary>
    protected void BeginRound() => Now = MonotonicClock.Now;

    private void Run()
    {
        Now = MonotonicClock.Now;
        while (!_stopping)
        {
            try
            {
                Round();
            }
            catch (Exception ex)
            {
                // One broken invariant must not take every call down. Logged a few times, then only counted.
                if (Counters.Faults++ < 10)
                {
                    Log.EngineFault(_logger, Shard.Number, ex);
                }
            }
        }

        Shard.Close(ref _sink);
        SendQueued();
        CloseSockets();
        CloseStreams();
        RunCommands();
    }

    private void RunCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            command(this);
        }
    }

    private void Round()
    {
        try
        {
            KeepTime();
            WaitAndReceive(Sleep());
            Volatile.Write(ref _asleep, 0);
            RunCommands();
            ReceiveFromStreams();
            ReceiveFromShards();
        }
        finally
        {
            // Also after a fault: what is queued lies in buffers that the next round overwrites.
            SendQueued();
            ReleaseRings();
            _scratch.Reset();
            _streamInput.Reset();
            EndRound();
            NotifyStreams();
        }
    }

    private void KeepTime()
    {
        if (Now >= _nextHousekeeping)
        {
            Shard.SetWallClock(Now, Group.Time.GetUtcNow());
            CloseIdleStreams();
            _nextHousekeeping = Now + (_streams.Count > 0 ? StreamSweepInterval : HousekeepingInterval);
        }

        if (Now >= Shard.NextDeadline)
        {
            Shard.Tick(Now, ref _sink);
        }
    }

    /// <summary>How long the thread may wait: not at all if something was left for it meanwhile.</summary>
    private int Sleep()
    {
        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier();
        if (_stopping || !_commands.IsEmpty || HasStreamInput || HasShardInput)
        {
            return 0;
        }

        var deadline = Shard.NextDeadline < _nextHousekeeping ? Shard.NextDeadline : _nextHousekeeping;
        return (int)Math.Clamp((deadline - MonotonicClock.Now).TotalMilliseconds + 1, 0, HousekeepingInterval.TotalMilliseconds);
    }
}
