namespace Parley.SocketIo.AspNetCore;

/// <summary>Events of one socket whose answers are waited for. A struct inside the socket; without such events it is one null reference.</summary>
internal struct PendingAcks
{
    private sealed class State
    {
        public readonly Dictionary<long, TaskCompletionSource<SocketIoAckReply>> Waiting = [];
        public long Next;
        public bool Ended;
    }

    private State? _state;

    /// <summary>Numbers an event and gives the task that its answer completes.</summary>
    public long Begin(out Task<SocketIoAckReply> reply)
    {
        var state = LazyInitializer.EnsureInitialized(ref _state);
        var source = new TaskCompletionSource<SocketIoAckReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        reply = source.Task;
        lock (state)
        {
            if (state.Ended)
            {
                source.SetException(new SocketIoDisconnectedException());
            }

            state.Waiting.Add(state.Next, source);
            return state.Next++;
        }
    }

    /// <summary>Whether somebody waits for this answer. If so it is taken out, to be completed.</summary>
    public readonly TaskCompletionSource<SocketIoAckReply>? Take(long id)
    {
        if (_state is not { } state)
        {
            return null;
        }

        lock (state)
        {
            return state.Waiting.Remove(id, out var source) ? source : null;
        }
    }

    public readonly void Forget(long id) => Take(id);

    /// <summary>The client is gone: no answer will come.</summary>
    public void End()
    {
        var state = LazyInitializer.EnsureInitialized(ref _state);
        lock (state)
        {
            state.Ended = true;
            foreach (var source in state.Waiting.Values)
            {
                source.TrySetException(new SocketIoDisconnectedException());
            }

            state.Waiting.Clear();
        }
    }
}
