using Parley.Stun;

namespace Parley.Turn;

// Which message goes where, and who may ask: RFC 8489 sections 6.3 and 9.2.4, RFC 8656 section 5.
public sealed partial class TurnShard
{
    private static readonly byte[] OfferedAlgorithms = [0, (byte)PasswordAlgorithm.Sha256, 0, 0, 0, (byte)PasswordAlgorithm.Md5, 0, 0];

    private void ReceiveStun<TSink>(in FiveTuple client, in StunMessage message, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        switch (message.Class, message.Method)
        {
            case (StunClass.Request, StunMethod.Binding):
                ReceiveBinding(client, message, now, ref sink);
                break;
            case (StunClass.Request, StunMethod.Allocate):
                ReceiveAllocate(client, message, now, ref sink);
                break;
            case (StunClass.Request, StunMethod.Refresh or StunMethod.CreatePermission or StunMethod.ChannelBind):
                ReceiveForAllocation(client, message, now, ref sink);
                break;
            case (StunClass.Indication, StunMethod.Send):
                ReceiveSendIndication(client, message, now, ref sink);
                break;
            case (StunClass.Indication, StunMethod.Binding):
                break; // Keeps a NAT's binding alive by having come at all.
            default:
                Counters.Dropped(TurnDropReason.Malformed);
                break;
        }
    }

    // RFC 8489 section 6.3.1: answered without authentication (section 12) and without any state.
    private void ReceiveBinding<TSink>(in FiveTuple client, in StunMessage request, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (HasUnknownAttribute(request))
        {
            RefuseUnauthenticated(client, request, StunErrorCode.UnknownAttribute, now, ref sink);
            return;
        }

        if (!MayReplyUnauthenticated(client, now))
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[64];
        var response = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        response.AddXorAddress(StunAttributeType.XorMappedAddress, client.Client);
        Counters.BindingAnswered();
        sink.Send(client, Finish(ref response, request.HasFingerprint));
    }

    // What Refresh, CreatePermission and ChannelBind share: RFC 8656 section 5.
    private void ReceiveForAllocation<TSink>(in FiveTuple client, in StunMessage request, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        var allocation = FindLive(client, now);
        if (!TryAuthenticate(client, request, allocation, now, ref sink, out var identity))
        {
            return;
        }

        if (HasUnknownAttribute(request))
        {
            Refuse(client, request, identity, StunErrorCode.UnknownAttribute, ref sink);
        }
        else if (allocation is null)
        {
            Refuse(client, request, identity, StunErrorCode.AllocationMismatch, ref sink);
        }
        else if (!identity.Username.AsSpan().SequenceEqual(allocation.Username))
        {
            Refuse(client, request, identity, StunErrorCode.WrongCredentials, ref sink);
        }
        else if (request.Method == StunMethod.Refresh)
        {
            ReceiveRefresh(allocation, request, identity, now, ref sink);
        }
        else if (request.Method == StunMethod.CreatePermission)
        {
            ReceiveCreatePermission(allocation, request, identity, now, ref sink);
        }
        else
        {
            ReceiveChannelBind(allocation, request, identity, now, ref sink);
        }
    }

    // RFC 8489 section 9.2.4, in its order, with one exception: the nonce is checked before the username. It is the one check
    // that needs neither a table nor a secret of the client's, and until it has passed nothing proves that the client receives
    // at its address. A client with a stale nonce gets 438 where the RFC's order would say 401; it retries in both cases.
    private bool TryAuthenticate<TSink>(in FiveTuple client, in StunMessage request, Allocation? allocation, Instant now, ref TSink sink, out Identity identity)
        where TSink : ITurnSink, allows ref struct
    {
        identity = default;

        // 1. No integrity: the client learns realm and nonce.
        if (!request.HasMessageIntegrity && !request.HasMessageIntegritySha256)
        {
            Challenge(client, request, StunErrorCode.Unauthenticated, now, ref sink);
            return false;
        }

        // 2. All of name, realm and nonce.
        if (!TryGetName(request) || !request.TryGet(StunAttributeType.Realm, out var realm) || !request.TryGet(StunAttributeType.Nonce, out var nonce))
        {
            RefuseUnauthenticated(client, request, StunErrorCode.BadRequest, now, ref sink);
            return false;
        }

        // 3. The algorithms, as they were offered with this nonce. Every nonce of ours has the bit set.
        var namesAlgorithm = request.Contains(StunAttributeType.PasswordAlgorithm) || request.Contains(StunAttributeType.PasswordAlgorithms);
        var algorithm = PasswordAlgorithm.Md5;
        if (namesAlgorithm &&
            (!request.TryGet(StunAttributeType.PasswordAlgorithms, out var offered) || !offered.SequenceEqual(OfferedAlgorithms) ||
             !request.TryGetPasswordAlgorithm(out algorithm) || algorithm is not (PasswordAlgorithm.Md5 or PasswordAlgorithm.Sha256)))
        {
            RefuseUnauthenticated(client, request, StunErrorCode.BadRequest, now, ref sink);
            return false;
        }

        // 4. The nonce.
        if (!_registry.Nonces.IsValid(nonce, client, UnixSeconds(now)))
        {
            Challenge(client, request, StunErrorCode.StaleNonce, now, ref sink);
            return false;
        }

        // 5. and 6. Username and integrity.
        if (!realm.SequenceEqual(_registry.Realm) || !TryIdentify(request, algorithm, allocation, now, out identity))
        {
            Challenge(client, request, StunErrorCode.Unauthenticated, now, ref sink);
            return false;
        }

        identity = identity with { RespondsWithSha256 = namesAlgorithm };
        return true;
    }

    // The owner of an allocation is known by the key that was kept; everybody else by credentials.
    private bool TryIdentify(in StunMessage request, PasswordAlgorithm algorithm, Allocation? allocation, Instant now, out Identity identity)
    {
        var mayHaveExpired = allocation is not null && !_settings.EnforceExpiryOnRefresh;
        if (allocation is null || allocation.Algorithm != algorithm ||
            !request.TryGet(StunAttributeType.Username, out var username) || !username.SequenceEqual(allocation.Username))
        {
            return _registry.Authenticator.TryAuthenticate(request, algorithm, UnixSeconds(now), mayHaveExpired, out identity);
        }

        identity = new Identity { Username = allocation.Username, User = allocation.Holder.User, Expiry = allocation.CredentialExpiry, Key = allocation.Key, Algorithm = algorithm };
        return (mayHaveExpired || UnixSeconds(now) < allocation.CredentialExpiry) && Authenticator.IsIntegrityValid(request, allocation.Key);
    }

    private static bool TryGetName(in StunMessage request) =>
        request.TryGet(StunAttributeType.Username, out var username)
            ? username.Length is > 0 and <= LongTermCredential.MaxPartBytes
            : request.TryGet(StunAttributeType.Userhash, out var hash) && hash.Length == 32;

    private bool HasUnknownAttribute(in StunMessage message)
    {
        foreach (var attribute in message.Attributes)
        {
            if (attribute.IsComprehensionRequired && !IsKnown(attribute.Type))
            {
                return true;
            }
        }

        return false;
    }

    // Without the ability to set "don't fragment", RFC 8656 has the server act as if it did not know the attribute.
    private bool IsKnown(StunAttributeType type) => type switch
    {
        StunAttributeType.DontFragment => _settings.DontFragmentSupported,
        StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity or StunAttributeType.ErrorCode or
            StunAttributeType.UnknownAttributes or StunAttributeType.ChannelNumber or StunAttributeType.Lifetime or
            StunAttributeType.XorPeerAddress or StunAttributeType.Data or StunAttributeType.Realm or StunAttributeType.Nonce or
            StunAttributeType.XorRelayedAddress or StunAttributeType.RequestedAddressFamily or StunAttributeType.EvenPort or
            StunAttributeType.RequestedTransport or StunAttributeType.MessageIntegritySha256 or StunAttributeType.PasswordAlgorithm or
            StunAttributeType.Userhash or StunAttributeType.XorMappedAddress or StunAttributeType.ReservationToken => true,
        _ => false,
    };
}
