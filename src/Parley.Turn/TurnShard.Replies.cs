using System.Diagnostics;
using Parley.Stun;

namespace Parley.Turn;

// Responses. Those to clients that have proved nothing are as short as the protocol lets them be, and within a budget.
public sealed partial class TurnShard
{
    // Room for the longest response: realm, nonce and reason phrase are all bounded.
    private const int MaxResponse = 768;

    private const int MaxUnknownListed = 16;

    // 401 and 438 with what the client needs to ask again. RFC 8489 section 9.2.4.
    private void Challenge<TSink>(in FiveTuple client, in StunMessage request, StunErrorCode code, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!MayReplyUnauthenticated(client, now))
        {
            return;
        }

        Span<byte> nonce = stackalloc byte[Nonces.Size];
        _registry.Nonces.Write(client, UnixSeconds(now), nonce);

        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.ErrorResponse, request.Method, request.TransactionId);
        response.AddErrorCode(code, default);
        response.Add(StunAttributeType.Realm, _registry.Realm);
        response.Add(StunAttributeType.Nonce, nonce);
        response.Add(StunAttributeType.PasswordAlgorithms, OfferedAlgorithms);
        Counters.Refused(code);
        sink.Send(client, Finish(ref response, request.HasFingerprint));
    }

    private void RefuseUnauthenticated<TSink>(in FiveTuple client, in StunMessage request, StunErrorCode code, Instant now, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        if (!MayReplyUnauthenticated(client, now))
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.ErrorResponse, request.Method, request.TransactionId);
        response.AddErrorCode(code, default);
        if (code == StunErrorCode.UnknownAttribute)
        {
            AddUnknownAttributes(ref response, request);
        }

        Counters.Refused(code);
        sink.Send(client, Finish(ref response, request.HasFingerprint));
    }

    // Whoever speaks over TCP or TLS has shown that they receive at their address, and a stream amplifies nothing.
    private bool MayReplyUnauthenticated(in FiveTuple client, Instant now)
    {
        if (client.Protocol != TransportProtocol.Udp || _replyBudget.TryTake(client.Client.Address, now))
        {
            return true;
        }

        Counters.Dropped(TurnDropReason.ReplyBudget);
        return false;
    }

    private void Refuse<TSink>(in FiveTuple client, in StunMessage request, in Identity identity, StunErrorCode code, ref TSink sink)
        where TSink : ITurnSink, allows ref struct
    {
        Span<byte> buffer = stackalloc byte[MaxResponse];
        var response = new StunWriter(buffer, StunClass.ErrorResponse, request.Method, request.TransactionId);
        response.AddErrorCode(code, code.ReasonPhrase());
        if (code == StunErrorCode.UnknownAttribute)
        {
            AddUnknownAttributes(ref response, request);
        }
        else if (code == StunErrorCode.TryAlternate)
        {
            AddAlternates(ref response, client);
        }

        Counters.Refused(code);
        sink.Send(client, FinishAuthenticated(ref response, request.Method, identity.Key, identity.RespondsWithSha256, request.HasFingerprint));
    }

    private ReadOnlySpan<byte> FinishAuthenticated(ref StunWriter response, StunMethod method, byte[] key, bool withSha256, bool withFingerprint)
    {
        if (_registry.Software.Length > 0 && method is StunMethod.Allocate or StunMethod.Refresh)
        {
            response.Add(StunAttributeType.Software, _registry.Software);
        }

        // RFC 8489 section 9.2.4, last paragraph.
        if (withSha256)
        {
            response.AddMessageIntegritySha256(key);
        }
        else
        {
            response.AddMessageIntegrity(key);
        }

        return Finish(ref response, withFingerprint);
    }

    // FINGERPRINT goes to clients that use it themselves.
    private static ReadOnlySpan<byte> Finish(ref StunWriter response, bool withFingerprint)
    {
        if (withFingerprint)
        {
            response.AddFingerprint();
        }

        return response.TryFinish(out var message)
            ? message
            : throw new UnreachableException("Every response fits its buffer: realm, software, nonce, reason phrase and lists are bounded.");
    }

    private void AddUnknownAttributes(ref StunWriter response, in StunMessage request)
    {
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[MaxUnknownListed];
        var count = 0;
        foreach (var attribute in request.Attributes)
        {
            if (attribute.IsComprehensionRequired && !IsKnown(attribute.Type) && count < unknown.Length && !unknown[..count].Contains(attribute.Type))
            {
                unknown[count++] = attribute.Type;
            }
        }

        response.AddUnknownAttributes(unknown[..count]);
    }

    // RFC 8489 section 10: the client's own family first.
    private void AddAlternates(ref StunWriter response, in FiveTuple client)
    {
        if (_registry.Alternates is not { } alternates)
        {
            return;
        }

        var (own, other) = client.Client.Family == AddressFamily.IPv4 ? (alternates.IPv4, alternates.IPv6) : (alternates.IPv6, alternates.IPv4);
        if (own is { } first)
        {
            response.AddAddress(StunAttributeType.AlternateServer, first);
        }

        if (other is { } second)
        {
            response.AddAddress(StunAttributeType.AlternateServer, second);
        }

        if (client.Protocol == TransportProtocol.Tls && alternates.Domain.Length > 0)
        {
            response.Add(StunAttributeType.AlternateDomain, alternates.Domain);
        }
    }
}
