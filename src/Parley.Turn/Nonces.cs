using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>
/// Nonces that need no memory: each carries its time and an HMAC-SHA-256 over that time and the client's address, so it is
/// worthless to anyone else, and a client that returns one has shown that it receives at its address.
/// Layout: the 13 characters of the nonce cookie, then 11 bytes in Base64: 4 bits that tell the key, 20 bits of time in units
/// of 16 s, 64 bits of HMAC.
/// </summary>
internal sealed class Nonces
{
    public const int Size = StunNonceCookie.Size + EncodedSize;

    private const int EncodedSize = 15;
    private const int StampSize = 3;
    private const int RawSize = StampSize + MacSize;
    private const int MacSize = 8;
    private const int TimeMask = 0xFFFFF;

    // Nodes that share a key may disagree about the time by this many units.
    private const int SkewUnits = 2;

    private readonly StunSecurityFeatures _features;
    private readonly int _lifetimeUnits;
    private volatile Keys _keys;

    public Nonces(ReadOnlySpan<byte> key, TimeSpan lifetime, StunSecurityFeatures features)
    {
        _keys = new Keys(new Key(key.ToArray()), null);
        _features = features;
        _lifetimeUnits = (int)Math.Ceiling(lifetime.TotalSeconds / 16);
    }

    /// <summary>New nonces come from the new key; those of the key before it stay good, and no older ones.</summary>
    public void Rotate(ReadOnlySpan<byte> key) => _keys = new Keys(new Key(key.ToArray()), _keys.Current);

    public void Write(in FiveTuple client, long unixSeconds, Span<byte> nonce)
    {
        var key = _keys.Current;
        Span<byte> raw = stackalloc byte[RawSize];
        var stamp = (key.Tag << 20) | (Units(unixSeconds) & TimeMask);
        raw[0] = (byte)(stamp >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(raw[1..], (ushort)stamp);
        ComputeMac(key, raw[..StampSize], client, raw[StampSize..]);

        StunNonceCookie.Write(nonce, _features);
        Base64Url.EncodeToUtf8(raw, nonce[StunNonceCookie.Size..]);
    }

    public bool IsValid(ReadOnlySpan<byte> nonce, in FiveTuple client, long unixSeconds)
    {
        Span<byte> raw = stackalloc byte[RawSize];
        if (nonce.Length != Size ||
            !StunNonceCookie.TryRead(nonce, out var features) || features != _features ||
            !Base64Url.TryDecodeFromUtf8(nonce[StunNonceCookie.Size..], raw, out var written) || written != RawSize)
        {
            return false;
        }

        var stamp = (raw[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(raw[1..]);
        var age = (Units(unixSeconds) - stamp + SkewUnits) & TimeMask;
        if (age > _lifetimeUnits + SkewUnits)
        {
            return false;
        }

        var keys = _keys;
        return Matches(keys.Current, stamp, raw, client) || (keys.Previous is { } previous && Matches(previous, stamp, raw, client));
    }

    private static bool Matches(Key key, int stamp, ReadOnlySpan<byte> raw, in FiveTuple client)
    {
        if (key.Tag != stamp >> 20)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[MacSize];
        ComputeMac(key, raw[..StampSize], client, mac);
        return CryptographicOperations.FixedTimeEquals(mac, raw[StampSize..]);
    }

    private static void ComputeMac(Key key, ReadOnlySpan<byte> stamp, in FiveTuple client, Span<byte> mac)
    {
        Span<byte> text = stackalloc byte[StampSize + 2 + 2 + 16];
        stamp.CopyTo(text);
        text[3] = (byte)client.Protocol;
        text[4] = (byte)client.Client.Family;
        BinaryPrimitives.WriteUInt16BigEndian(text[5..], client.Client.Port);
        client.Client.Address.WriteTo(text[7..]);

        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Bytes, text, full);
        full[..MacSize].CopyTo(mac);
    }

    private static int Units(long unixSeconds) => (int)((unixSeconds >> 4) & TimeMask);

    private sealed record Key(byte[] Bytes)
    {
        public int Tag { get; } = SHA256.HashData(Bytes)[0] & 0xF;
    }

    private sealed record Keys(Key Current, Key? Previous);
}
