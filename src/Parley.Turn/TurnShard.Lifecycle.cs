using Parley.Stun;

namespace Parley.Turn;

// How allocations come to life and end. Every way out goes through End, which gives everything back.
public sealed partial class TurnShard
{
    private readonly DeadlineHeap<Wakeup> _deadlines = new();

    /// <summary>When <see cref="Tick"/> next has work to do; <see cref="Instant.Never"/> if nothing is waiting. What has expired is dead even before that call.</summary>
    public Instant NextDeadline => _deadlines.Next;

    /// <summary>
    /// The engine opened the socket that <see cref="ITurnSink.OpenRelay"/> asked for. If nobody waits for it any more, the sink
    /// is told to close it.
    /// </summary>
    /// <param name="request">The request that is answered.</param>
    /// <param name="address">The relayed transport address, as the client is to be told it.</param>
    /// <param name="now">The time.</param>
    /// <param name="sink">Takes the outputs.</param>
    public void RelayOpened<TSink>(in RelayRequest request, in RelayedTransportAddress address, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!TryGet(request.Allocation, out var allocation) || allocation.Relay(request.Family).State != RelayState.Opening)
        {
            sink.CloseRelay(request.Allocation, request.Family);
            if (request.Port == RelayPort.EvenAndNext && !_registry.Reservations.TryGet(request.ReservationToken, now, out _))
            {
                sink.ReleaseReservation(request.ReservationToken);
            }

            return;
        }

        ref var relay = ref allocation.Relay(request.Family);
        relay.State = RelayState.Open;
        relay.Address = address;
        _registry.Directory.Add(address, new HandOverTarget(Number, allocation.Id));
        FinishOpening(allocation, now, ref sink);
    }

    /// <summary>The engine could not open the socket that <see cref="ITurnSink.OpenRelay"/> asked for; for want of a pair of ports, of a free port, or because the system refused.</summary>
    public void RelayFailed<TSink>(in RelayRequest request, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (TryGet(request.Allocation, out var allocation) && allocation.Relay(request.Family).State == RelayState.Opening)
        {
            allocation.Relay(request.Family).State = RelayState.Failed;
            allocation.Missing = (request.Family, StunErrorCode.InsufficientCapacity);
            FinishOpening(allocation, now, ref sink);
        }
    }

    /// <summary>A relay socket broke: its allocation, or one family of a dual one, ends.</summary>
    public void RelayLost<TSink>(AllocationId allocation, AddressFamily family, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (TryGetLive(allocation, now, out var found) && found.Relay(family).State == RelayState.Open)
        {
            Release(found, family, AllocationEndReason.RelayLost, ref sink);
        }
    }

    /// <summary>A client's stream ended: its allocation, if any, is freed at once.</summary>
    public void ClientGone<TSink>(in FiveTuple client, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (_byClient.TryGetValue(client, out var found))
        {
            End(found, AllocationEndReason.ClientGone, ref sink);
        }
    }

    /// <summary>
    /// Takes back the time-limited credentials of a user that expire no later than an instant: this shard frees their
    /// allocations at once, and no shard accepts them any more. Call it on every shard. Credentials minted later for the same
    /// user expire later and are good. With <see cref="DateTimeOffset.MaxValue"/> it also frees the allocations of a fixed user,
    /// who may come again.
    /// </summary>
    /// <param name="user">What <see cref="TimeLimitedCredential.Mint"/> was called with, or a fixed user's name.</param>
    /// <param name="throughExpiry">The latest expiry of what is revoked.</param>
    /// <param name="now">The time.</param>
    /// <param name="sink">Takes the outputs.</param>
    public void Revoke<TSink>(string user, DateTimeOffset throughExpiry, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(user);
        var through = throughExpiry == DateTimeOffset.MaxValue ? long.MaxValue : throughExpiry.ToUnixTimeSeconds();
        if (through != long.MaxValue)
        {
            _registry.Revocations.Add(user, through, UnixSeconds(now));
        }

        for (var index = 0; index < _indexesUsed; index++)
        {
            if (_allocations[index] is { } allocation && allocation.Holder.User == user && allocation.CredentialExpiry <= through)
            {
                End(allocation, AllocationEndReason.Revoked, ref sink);
            }
        }
    }

    /// <summary>Frees everything, for a server that closes.</summary>
    public void Close<TSink>(ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        for (var index = 0; index < _indexesUsed; index++)
        {
            if (_allocations[index] is { } allocation)
            {
                End(allocation, AllocationEndReason.Closed, ref sink);
            }
        }

        while (_deadlines.TryTakeDue(Instant.Never, out var wakeup))
        {
            ReleaseReservation(wakeup.ReservationToken, ref sink);
        }
    }

    /// <summary>Frees what has expired. Call it when <see cref="NextDeadline"/> has come; late is harmless, early does nothing.</summary>
    public void Tick<TSink>(Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        while (_deadlines.TryTakeDue(now, out var wakeup))
        {
            if (wakeup.ReservationToken != 0)
            {
                ExpireReservation(wakeup.ReservationToken, now, ref sink);
            }
            else if (TryGet(wakeup.Allocation, out var allocation))
            {
                Expire(allocation, now, ref sink);
            }
        }
    }

    // The reply that the Allocate request waits for, once every family has its answer.
    private void FinishOpening<TSink>(Allocation allocation, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (allocation.IsPending)
        {
            return;
        }

        if (allocation.IPv4.State != RelayState.Open && allocation.IPv6.State != RelayState.Open)
        {
            // The engine has answered, so it keeps no socket under the token.
            ReleaseReservation(allocation.Request.ReservationToken, ref sink);
            RefuseAllocate(allocation, ref sink);
            return;
        }

        allocation.IPv4.Expires = allocation.IPv6.Expires = now + allocation.Request.Lifetime;
        var token = allocation.Request.ReservationToken;
        if (token != 0 && _registry.Reservations.TryGet(token, now, out var reservation))
        {
            _registry.Reservations.Set(token, reservation with { Expires = now + ReservationLifetime });
            WakeAt(now + ReservationLifetime, token);
        }

        Counters.Created();
        Wake(allocation);
        SendAllocated(allocation, now, ref sink);
    }

    private void RefuseAllocate<TSink>(Allocation allocation, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.ErrorResponse, StunMethod.Allocate, allocation.Request.TransactionId);
        response.AddErrorCode(StunErrorCode.InsufficientCapacity, StunErrorCode.InsufficientCapacity.ReasonPhrase());
        Counters.Refused(StunErrorCode.InsufficientCapacity);
        sink.Send(allocation.Client, FinishAllocate(allocation, ref response));
        End(allocation, AllocationEndReason.NeverOpened, ref sink);
    }

    private void Expire<TSink>(Allocation allocation, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (allocation.IsPending)
        {
            // A socket that the engine may yet keep under a token is released when the reservation ends.
            if (allocation.PendingUntil <= now)
            {
                RefuseAllocate(allocation, ref sink);
                return;
            }
        }
        else if (!allocation.IsLive(now))
        {
            End(allocation, AllocationEndReason.Expired, ref sink);
            return;
        }
        else
        {
            foreach (var family in (ReadOnlySpan<AddressFamily>)[AddressFamily.IPv4, AddressFamily.IPv6])
            {
                if (allocation.Relay(family) is { State: RelayState.Open } relay && relay.Expires <= now)
                {
                    Release(allocation, family, AllocationEndReason.Expired, ref sink);
                }
            }

            allocation.Permissions.RemoveExpired(now);
            allocation.Channels.RemoveExpired(now);
        }

        Wake(allocation);
    }

    private void ExpireReservation<TSink>(ulong token, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (_registry.Reservations.TryGet(token, now, out var reservation))
        {
            WakeAt(reservation.Expires, token);
        }
        else
        {
            ReleaseReservation(token, ref sink);
        }
    }

    private void ReleaseReservation<TSink>(ulong token, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (token != 0 && _registry.Reservations.TryRemove(token, out var reservation))
        {
            _registry.Quota.Release(reservation.Holder);
            _deadlines.Remove(new Wakeup(AllocationId.None, token));
            sink.ReleaseReservation(token);
        }
    }

    private void End<TSink>(Allocation allocation, AllocationEndReason reason, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        CloseRelay(allocation, AddressFamily.IPv4, ref sink);
        CloseRelay(allocation, AddressFamily.IPv6, ref sink);
        _byClient.Remove(allocation.Client);
        _allocations[allocation.Id.Index] = null;
        _freeIndexes.Push(allocation.Id.Index);
        _deadlines.Remove(new Wakeup(allocation.Id, 0));
        _registry.Quota.Release(allocation.Holder);
        Counters.Ended(reason);
    }

    // A relay that the engine has not opened yet is closed when it says that it has.
    private void CloseRelay<TSink>(Allocation allocation, AddressFamily family, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        ref var relay = ref allocation.Relay(family);
        if (relay.State == RelayState.Open)
        {
            _registry.Directory.Remove(relay.Address);
            sink.CloseRelay(allocation.Id, family);
        }

        relay.State = RelayState.None;
    }

    private void Wake(Allocation allocation) => _deadlines.Set(new Wakeup(allocation.Id, 0), allocation.NextDeadline());

    private void WakeAt(Instant deadline, ulong reservationToken) => _deadlines.Set(new Wakeup(AllocationId.None, reservationToken), deadline);

    private readonly record struct Wakeup(AllocationId Allocation, ulong ReservationToken);
}
