using Parley.Stun;

namespace Parley.Turn;

// Creating an allocation: RFC 8656 section 7.
public sealed partial class TurnShard
{
    private const byte Udp = 17;

    // An engine answers within a turn of its loop; one that never does must not keep a client's 5-tuple for ever.
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    // RFC 8656 section 7.2: at least 30 seconds after the client has learned of it.
    private static readonly TimeSpan ReservationLifetime = TimeSpan.FromSeconds(35);

    private void ReceiveAllocate<TSink>(in FiveTuple client, in StunMessage request, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        // 1. Authentication.
        if (!TryAuthenticate(client, request, allocation: null, now, ref sink, out var identity))
        {
            return;
        }

        // RFC 8489 section 6.3.1; and check 4: DONT-FRAGMENT counts as unknown where it is not supported.
        if (HasUnknownAttribute(request))
        {
            Refuse(client, request, identity, StunErrorCode.UnknownAttribute, ref sink);
            return;
        }

        // 2. The 5-tuple, and retransmissions. What has expired is removed here, since the 5-tuple is free again.
        if (_byClient.TryGetValue(client, out var existing))
        {
            if (existing.IsLiveOrPending(now))
            {
                ReceiveAllocateAgain(existing, request, identity, now, ref sink);
                return;
            }

            End(existing, AllocationEndReason.Expired, ref sink);
        }

        var wish = ReadWish(client, request, now);
        if (wish.Refusal != StunErrorCode.None)
        {
            Refuse(client, request, identity, wish.Refusal, ref sink);
            return;
        }

        // 10. The quotas. A reservation being made counts as an allocation until it is claimed or gone.
        var holder = new QuotaHolder(identity.User, QuotaHolder.PrefixOf(client.Client.Address));
        var refusal = TakeQuota(holder, wish, now);
        if (refusal != StunErrorCode.None)
        {
            Refuse(client, request, identity, refusal, ref sink);
            return;
        }

        Create(client, request, identity, holder, wish, now, ref sink);
    }

    // Checks 3, 5 to 9 and 11 of section 7.2.
    private Wish ReadWish(in FiveTuple client, in StunMessage request, Instant now)
    {
        // 3. The transport between server and peers.
        if (!request.TryGetRequestedTransport(out var transport))
        {
            return new Wish(StunErrorCode.BadRequest);
        }

        if (transport != Udp)
        {
            return new Wish(StunErrorCode.UnsupportedTransportProtocol);
        }

        var hasEvenPort = request.Contains(StunAttributeType.EvenPort);
        var hasRequested = request.Contains(StunAttributeType.RequestedAddressFamily);
        var hasAdditional = request.Contains(StunAttributeType.AdditionalAddressFamily);
        var reserveNext = false;
        var requested = AddressFamily.IPv4;
        var additional = AddressFamily.None;
        if ((hasEvenPort && !request.TryGetEvenPort(out reserveNext)) ||
            (hasRequested && !request.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out requested)) ||
            (hasAdditional && !request.TryGetAddressFamily(StunAttributeType.AdditionalAddressFamily, out additional)) ||
            (request.Contains(StunAttributeType.Lifetime) && !request.TryGetLifetime(out _)))
        {
            return new Wish(StunErrorCode.BadRequest);
        }

        // RFC 8016 section 3.1.2: mobility is understood well enough to be forbidden.
        if (request.Contains(StunAttributeType.MobilityTicket))
        {
            return new Wish(StunErrorCode.MobilityForbidden);
        }

        // Section 21.4: nothing from the ends of tunnels.
        if (AddressScopes.IsTunnel(client.Client.Address))
        {
            return new Wish(StunErrorCode.Forbidden);
        }

        // 11. Another server.
        if (_registry.Alternates is { } alternates && (client.Client.Family == AddressFamily.IPv4 ? alternates.IPv4 : alternates.IPv6) is not null)
        {
            return new Wish(StunErrorCode.TryAlternate);
        }

        // 5. A reserved port has its family and its parity already.
        if (request.Contains(StunAttributeType.ReservationToken))
        {
            if (hasEvenPort || hasRequested || hasAdditional || !request.TryGetReservationToken(out var token))
            {
                return new Wish(StunErrorCode.BadRequest);
            }

            return _registry.Reservations.TryGet(token, now, out var reservation)
                ? new Wish(reservation.Family, AddressFamily.None, RelayPort.Reserved, token)
                : new Wish(StunErrorCode.InsufficientCapacity);
        }

        // 6. One family or both, said one way.
        if (hasRequested && hasAdditional)
        {
            return new Wish(StunErrorCode.BadRequest);
        }

        // 8. A reserved pair is for one family.
        if (reserveNext && hasAdditional)
        {
            return new Wish(StunErrorCode.BadRequest);
        }

        // 9. IPv4 is what comes without asking.
        if (hasAdditional && additional != AddressFamily.IPv6)
        {
            return new Wish(StunErrorCode.BadRequest);
        }

        // 7. and 9. The families that there are.
        var port = reserveNext ? RelayPort.EvenAndNext : hasEvenPort ? RelayPort.Even : RelayPort.Any;
        if (!hasAdditional)
        {
            return IsSupported(requested)
                ? new Wish(requested, AddressFamily.None, port, reserveNext ? _entropy.NextUInt64() : 0)
                : new Wish(StunErrorCode.AddressFamilyNotSupported);
        }

        return (IsSupported(AddressFamily.IPv4), IsSupported(AddressFamily.IPv6)) switch
        {
            (true, true) => new Wish(AddressFamily.IPv4, AddressFamily.IPv6, port, 0),
            (true, false) => new Wish(AddressFamily.IPv4, AddressFamily.None, port, 0) { Missing = AddressFamily.IPv6 },
            (false, true) => new Wish(AddressFamily.IPv6, AddressFamily.None, port, 0) { Missing = AddressFamily.IPv4 },
            _ => new Wish(StunErrorCode.AddressFamilyNotSupported),
        };
    }

    private bool IsSupported(AddressFamily family) => family switch
    {
        AddressFamily.IPv4 => _settings.RelayAddressIPv4 is not null,
        AddressFamily.IPv6 => _settings.RelayAddressIPv6 is not null,
        _ => false,
    };

    // RFC 8656 section 7.2, first note: the same request again gets the same answer; the pending one gets it when there is one.
    private void ReceiveAllocateAgain<TSink>(Allocation existing, in StunMessage request, in Identity identity, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (request.TransactionId != existing.Request.TransactionId || !identity.Username.AsSpan().SequenceEqual(existing.Username))
        {
            Refuse(existing.Client, request, identity, StunErrorCode.AllocationMismatch, ref sink);
        }
        else if (!existing.IsPending)
        {
            SendAllocated(existing, now, ref sink);
        }
    }

    private StunErrorCode TakeQuota(QuotaHolder holder, in Wish wish, Instant now)
    {
        var result = _registry.Quota.TryTake(holder);
        if (result == QuotaResult.Granted && wish.Port == RelayPort.EvenAndNext)
        {
            result = _registry.Quota.TryTake(holder);
            if (result != QuotaResult.Granted)
            {
                _registry.Quota.Release(holder);
            }
        }

        if (result != QuotaResult.Granted)
        {
            return result == QuotaResult.TotalLimit ? StunErrorCode.InsufficientCapacity : StunErrorCode.AllocationQuotaReached;
        }

        if (wish.Port != RelayPort.Reserved)
        {
            return StunErrorCode.None;
        }

        // Another shard may have claimed it since it was looked at.
        if (!_registry.Reservations.TryRemove(wish.ReservationToken, out var reservation))
        {
            _registry.Quota.Release(holder);
            return StunErrorCode.InsufficientCapacity;
        }

        _registry.Quota.Release(reservation.Holder);
        _deadlines.Remove(new Wakeup(AllocationId.None, wish.ReservationToken));
        return StunErrorCode.None;
    }

    private void Create<TSink>(in FiveTuple client, in StunMessage request, in Identity identity, QuotaHolder holder, in Wish wish, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var burstOfPeers = 10L * _settings.MaxNewPeersPerSecond;
        var allocation = new Allocation
        {
            Id = NextId(),
            Client = client,
            Username = identity.Username,
            Holder = holder,
            CredentialExpiry = identity.Expiry,
            Key = identity.Key,
            Algorithm = identity.Algorithm,
            Request = new AllocateRequest(request.TransactionId, LifetimeFor(request), wish.Port == RelayPort.EvenAndNext ? wish.ReservationToken : 0, identity.RespondsWithSha256, request.HasFingerprint),
            PendingUntil = now + OpenTimeout,
            NewPeers = new TokenBucket(burstOfPeers, now),
            PacketsFromClient = new TokenBucket(_settings.MaxPacketsPerSecond, now),
            BytesFromClient = new TokenBucket(_settings.MaxBytesPerSecond, now),
            PacketsFromPeers = new TokenBucket(_settings.MaxPacketsPerSecond, now),
            BytesFromPeers = new TokenBucket(_settings.MaxBytesPerSecond, now),
        };
        if (wish.Missing != AddressFamily.None)
        {
            allocation.Missing = (wish.Missing, StunErrorCode.AddressFamilyNotSupported);
        }

        if (wish.Port == RelayPort.EvenAndNext)
        {
            _registry.Reservations.Set(wish.ReservationToken, new Reservation(wish.First, holder, now + OpenTimeout + ReservationLifetime));
            WakeAt(now + OpenTimeout + ReservationLifetime, wish.ReservationToken);
        }

        _byClient.Add(client, allocation);
        _allocations[allocation.Id.Index] = allocation;
        allocation.Relay(wish.First).State = RelayState.Opening;
        if (wish.Second != AddressFamily.None)
        {
            allocation.Relay(wish.Second).State = RelayState.Opening;
        }

        Wake(allocation);
        sink.OpenRelay(new RelayRequest(allocation.Id, wish.First, wish.Port, wish.ReservationToken));
        if (wish.Second != AddressFamily.None)
        {
            sink.OpenRelay(new RelayRequest(allocation.Id, wish.Second, wish.Port, 0));
        }
    }

    // RFC 8656 section 7.2: the greater of the default and of what is asked for, within the maximum.
    private TimeSpan LifetimeFor(in StunMessage request)
    {
        var asked = request.TryGetLifetime(out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        asked = asked < _settings.MaxLifetime ? asked : _settings.MaxLifetime;
        return asked > _settings.DefaultLifetime ? asked : _settings.DefaultLifetime;
    }

    private void SendAllocated<TSink>(Allocation allocation, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Allocate, allocation.Request.TransactionId);
        var expires = now;
        foreach (var family in (ReadOnlySpan<AddressFamily>)[AddressFamily.IPv4, AddressFamily.IPv6])
        {
            ref var relay = ref allocation.Relay(family);
            if (relay.IsLive(now))
            {
                response.AddXorAddress(StunAttributeType.XorRelayedAddress, relay.Address.Value);
                expires = relay.Expires > expires ? relay.Expires : expires;
            }
        }

        response.AddUInt32(StunAttributeType.Lifetime, SecondsBetween(now, expires));
        response.AddXorAddress(StunAttributeType.XorMappedAddress, allocation.Client.Client);
        if (allocation.Request.ReservationToken != 0)
        {
            response.AddReservationToken(allocation.Request.ReservationToken);
        }

        if (allocation.Missing.Family != AddressFamily.None)
        {
            response.AddAddressErrorCode(allocation.Missing.Family, allocation.Missing.Reason);
        }

        sink.Send(allocation.Client, FinishAllocate(allocation, ref response));
    }

    private ReadOnlySpan<byte> FinishAllocate(Allocation allocation, ref StunWriter response) =>
        FinishAuthenticated(ref response, StunMethod.Allocate, allocation.Key, allocation.Request.RespondsWithSha256, allocation.Request.HasFingerprint);

    private static uint SecondsBetween(Instant now, Instant later) => (uint)Math.Ceiling((later - now).TotalSeconds);

    /// <summary>What an Allocate request asks for, or why it is refused.</summary>
    private readonly record struct Wish(AddressFamily First, AddressFamily Second, RelayPort Port, ulong ReservationToken)
    {
        public Wish(StunErrorCode refusal)
            : this(AddressFamily.None, AddressFamily.None, RelayPort.Any, 0) => Refusal = refusal;

        public StunErrorCode Refusal { get; }

        public AddressFamily Missing { get; init; }
    }
}
