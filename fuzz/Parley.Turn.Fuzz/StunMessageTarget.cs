using System.Buffers.Binary;
using Parley.Stun;

namespace Parley.Turn.Fuzz;

/// <summary>Reads a message every way there is, and writes it again.</summary>
internal static class StunMessageTarget
{
    private static readonly byte[] Key = "a key"u8.ToArray();

    public static void Run(byte[] input)
    {
        if (ChannelData.TryParse(input, out _, out var data))
        {
            Require.That(data.Length <= input.Length - ChannelData.HeaderSize, "ChannelData is longer than its datagram.");
        }

        // Half of all inputs get the header fields right, so that the attributes are read.
        if (input.Length >= StunHeader.Size && (input[^1] & 1) != 0)
        {
            input = input[..(input.Length & ~3)];
            input[0] &= 0x3F;
            BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(2), (ushort)(input.Length - StunHeader.Size));
            BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(4), StunHeader.MagicCookie);
        }

        if (StunMessage.TryParse(input, out var message))
        {
            ReadAll(message);
            WriteAgain(message);
        }
    }

    private static void ReadAll(in StunMessage message)
    {
        message.TryGetLifetime(out _);
        message.TryGetChannelNumber(out _);
        message.TryGetRequestedTransport(out _);
        message.TryGetAddressFamily(StunAttributeType.RequestedAddressFamily, out _);
        message.TryGetAddressFamily(StunAttributeType.AdditionalAddressFamily, out _);
        message.TryGetEvenPort(out _);
        message.TryGetReservationToken(out _);
        message.TryGetErrorCode(out var code, out _);
        _ = code.ReasonPhrase();
        message.TryGetAddressErrorCode(out _, out _);
        message.TryGetIcmp(out _, out _, out _);
        message.TryGetPasswordAlgorithm(out _);
        message.TryGetAddress(StunAttributeType.MappedAddress, out _);
        message.TryGetAddress(StunAttributeType.AlternateServer, out _);
        message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out _);
        message.TryGetXorAddress(StunAttributeType.XorRelayedAddress, out _);
        Require.That(!message.IsIntegrityValid(Key) && !message.IsIntegritySha256Valid(Key), "A fuzzer does not guess an HMAC.");
        if (message.TryGet(StunAttributeType.Nonce, out var nonce))
        {
            StunNonceCookie.TryRead(nonce, out _);
        }
    }

    // What is read and written again reads the same.
    private static void WriteAgain(in StunMessage message)
    {
        var writer = new StunWriter(new byte[message.Bytes.Length + 64], message.Class, message.Method, message.TransactionId);
        foreach (var attribute in message.Attributes)
        {
            if (attribute.Type == StunAttributeType.XorPeerAddress && message.TryDecodeXorAddress(attribute.Value, out var address))
            {
                writer.AddXorAddress(attribute.Type, address);
            }
            else
            {
                writer.Add(attribute.Type, attribute.Value);
            }
        }

        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        Require.That(writer.TryFinish(out var written), "A message does not fit where it came from.");
        Require.That(StunMessage.TryParse(written, out var again), "What was written cannot be read.");
        Require.That(again.IsIntegrityValid(Key) && again.IsFingerprintValid, "What was written does not verify.");
        Require.That(again.Class == message.Class && again.Method == message.Method && again.TransactionId == message.TransactionId, "The header changed.");

        var left = message.Attributes;
        var right = again.Attributes;
        while (left.MoveNext())
        {
            Require.That(right.MoveNext() && left.Current.Type == right.Current.Type, "An attribute was lost.");

            // The first byte of an address is to be ignored, so it is not kept.
            var skip = left.Current.Type == StunAttributeType.XorPeerAddress ? Math.Min(1, left.Current.Value.Length) : 0;
            Require.That(left.Current.Value[skip..].SequenceEqual(right.Current.Value[skip..]), "An attribute changed.");
        }

        Require.That(!right.MoveNext(), "An attribute was added.");
    }
}
