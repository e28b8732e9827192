using Parley.Stun;

namespace Parley.Turn;

// Refresh, CreatePermission and ChannelBind: RFC 8656 sections 8, 10.2 and 12.2.
public sealed partial class TurnShard
{
    private static readonly TimeSpan PermissionLifetime = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan ChannelLifetime = TimeSpan.FromSeconds(600);

    private void ReceiveRefresh<TSink>(Allocation allocation, in StunMessage request, in Identity identity, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var family = AddressFamily.None;
        uint asked = 0;
        var hasLifetime = request.Contains(StunAttributeType.Lifetime);
        if ((request.Contains(StunAttributeType.RequestedAddressFamily) && !request.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out family)) ||
            (hasLifetime && !request.TryGetLifetime(out asked)))
        {
            Refuse(allocation.Client, request, identity, StunErrorCode.BadRequest, ref sink);
            return;
        }

        var hasFamily = request.Contains(StunAttributeType.RequestedAddressFamily);
        if (hasFamily && (family is not (AddressFamily.IPv4 or AddressFamily.IPv6) || !allocation.Relay(family).IsLive(now)))
        {
            Refuse(allocation.Client, request, identity, StunErrorCode.PeerAddressFamilyMismatch, ref sink);
            return;
        }

        var lifetime = hasLifetime && asked == 0 ? TimeSpan.Zero : LifetimeFor(request);
        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Refresh, request.TransactionId);
        response.AddUInt32(StunAttributeType.Lifetime, (uint)lifetime.TotalSeconds);
        sink.Send(allocation.Client, FinishAuthenticated(ref response, request.Method, identity.Key, identity.RespondsWithSha256, request.HasFingerprint));

        if (lifetime == TimeSpan.Zero)
        {
            Release(allocation, family, AllocationEndReason.Released, ref sink);
            return;
        }

        foreach (var each in (ReadOnlySpan<AddressFamily>)[AddressFamily.IPv4, AddressFamily.IPv6])
        {
            if (!hasFamily || each == family)
            {
                ref var relay = ref allocation.Relay(each);
                relay.Expires = relay.IsLive(now) ? now + lifetime : relay.Expires;
            }
        }

        Wake(allocation);
    }

    // Section 8.1: one family of a dual allocation may end alone, with its permissions and channels and no others.
    private void Release<TSink>(Allocation allocation, AddressFamily family, AllocationEndReason reason, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var other = family == AddressFamily.IPv4 ? AddressFamily.IPv6 : AddressFamily.IPv4;
        if (family == AddressFamily.None || allocation.Relay(other).State != RelayState.Open)
        {
            End(allocation, reason, ref sink);
        }
        else
        {
            CloseRelay(allocation, family, ref sink);
            allocation.Permissions.Remove(family);
            allocation.Channels.Remove(family);
        }
    }

    private void ReceiveCreatePermission<TSink>(Allocation allocation, in StunMessage request, in Identity identity, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var refusal = CheckPeers(allocation, request, now);
        if (refusal != StunErrorCode.None)
        {
            Refuse(allocation.Client, request, identity, refusal, ref sink);
            return;
        }

        foreach (var attribute in request.Attributes)
        {
            if (attribute.Type == StunAttributeType.XorPeerAddress && request.TryDecodeXorAddress(attribute.Value, out var address))
            {
                InstallPermission(allocation, address.Address, now);
            }
        }

        SendSuccess(allocation, request, identity, ref sink);
        Wake(allocation);
    }

    // All addresses are good, or none gets a permission. Malformed ones come first (400), then families (443), the filter (403) and capacity (508).
    private StunErrorCode CheckPeers(Allocation allocation, in StunMessage request, Instant now)
    {
        var (peers, newPeers, mismatch, forbidden) = (0, 0, false, false);
        foreach (var attribute in request.Attributes)
        {
            if (attribute.Type != StunAttributeType.XorPeerAddress)
            {
                continue;
            }

            if (!request.TryDecodeXorAddress(attribute.Value, out var address))
            {
                return StunErrorCode.BadRequest;
            }

            peers++;
            newPeers += allocation.Permissions.Permits(address.Address, now) ? 0 : 1;
            mismatch |= !allocation.Relay(address.Family).IsLive(now);
            forbidden |= !_registry.Directory.IsRelayAddress(address.Address) && !_registry.PeerFilter.Allows(address.Address);
        }

        if (peers == 0)
        {
            return StunErrorCode.BadRequest;
        }

        if (mismatch)
        {
            return StunErrorCode.PeerAddressFamilyMismatch;
        }

        if (forbidden)
        {
            return StunErrorCode.Forbidden;
        }

        return HasRoomForPeers(allocation, newPeers, now) ? StunErrorCode.None : StunErrorCode.InsufficientCapacity;
    }

    private void ReceiveChannelBind<TSink>(Allocation allocation, in StunMessage request, in Identity identity, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!request.TryGetChannelNumber(out var channel) || channel is < ChannelData.MinChannel or > ChannelData.MaxChannel ||
            !request.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var address))
        {
            Refuse(allocation.Client, request, identity, StunErrorCode.BadRequest, ref sink);
            return;
        }

        var peer = new PeerAddress(address);
        var refusal = CheckChannel(allocation, channel, peer, now);
        if (refusal != StunErrorCode.None)
        {
            Refuse(allocation.Client, request, identity, refusal, ref sink);
            return;
        }

        allocation.Channels.Bind(channel, peer, now + ChannelLifetime, _settings.MaxChannels);
        InstallPermission(allocation, address.Address, now);
        SendSuccess(allocation, request, identity, ref sink);
        Wake(allocation);
    }

    private StunErrorCode CheckChannel(Allocation allocation, ushort channel, in PeerAddress peer, Instant now)
    {
        var result = allocation.Channels.Check(channel, peer, now, _settings.MaxChannels);
        if (result == ChannelBindResult.Conflict)
        {
            return StunErrorCode.BadRequest;
        }

        if (!allocation.Relay(peer.Family).IsLive(now))
        {
            return StunErrorCode.PeerAddressFamilyMismatch;
        }

        if (!IsPermittedPeer(peer))
        {
            return StunErrorCode.Forbidden;
        }

        return result == ChannelBindResult.Bound && HasRoomForPeers(allocation, allocation.Permissions.Permits(peer.Value.Address, now) ? 0 : 1, now)
            ? StunErrorCode.None
            : StunErrorCode.InsufficientCapacity;
    }

    // Of this server's own relay address only ports of relays may be reached; for the rest the filter decides.
    private bool IsPermittedPeer(in PeerAddress peer) =>
        (_registry.Directory.IsRelayAddress(peer.Value.Address) && _registry.Directory.IsRelayPort(peer.Value.Port)) ||
        _registry.PeerFilter.Allows(peer.Value.Address);

    // The cap on permissions, and the rate at which an allocation may name new peers.
    private bool HasRoomForPeers(Allocation allocation, int newPeers, Instant now) =>
        newPeers == 0 ||
        (newPeers <= allocation.Permissions.Room(now, _settings.MaxPermissions) &&
         allocation.NewPeers.TryTake(newPeers, _settings.MaxNewPeersPerSecond, 10L * _settings.MaxNewPeersPerSecond, now));

    private void InstallPermission(Allocation allocation, in NetworkAddress peer, Instant now) =>
        allocation.Permissions.Set(peer, now + PermissionLifetime, _settings.MaxPermissions);

    private void SendSuccess<TSink>(Allocation allocation, in StunMessage request, in Identity identity, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.SuccessResponse, request.Method, request.TransactionId);
        sink.Send(allocation.Client, FinishAuthenticated(ref response, request.Method, identity.Key, identity.RespondsWithSha256, request.HasFingerprint));
    }
}
