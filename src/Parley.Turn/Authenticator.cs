using System.Text;
using Parley.Stun;

namespace Parley.Turn;

/// <summary>Who sent a request, once its integrity has been checked.</summary>
internal readonly record struct Identity
{
    /// <summary>The username as the client sent it (or as its USERHASH stands for it).</summary>
    public byte[] Username { get; init; }

    /// <summary>The user that quotas and revocation know; part of <see cref="Username"/>.</summary>
    public string User { get; init; }

    /// <summary>When the credential ends, in Unix seconds; <see cref="long.MaxValue"/> for a fixed user.</summary>
    public long Expiry { get; init; }

    /// <summary>The key that the request was checked with and the response is protected with.</summary>
    public byte[] Key { get; init; }

    /// <summary>How the key was made.</summary>
    public PasswordAlgorithm Algorithm { get; init; }

    /// <summary>Whether the response carries MESSAGE-INTEGRITY-SHA256 instead of MESSAGE-INTEGRITY. RFC 8489 section 9.2.4, last paragraph.</summary>
    public bool RespondsWithSha256 { get; init; }
}

/// <summary>
/// Knows which credentials are good. Read by all shards; its tables never change, save the revocations. A fixed user's password
/// is kept as keys only (RFC 8656 section 6).
/// </summary>
internal sealed class Authenticator
{
    private readonly byte[] _realm;
    private readonly byte[][] _secrets;
    private readonly Dictionary<string, FixedUser> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FixedUser> _usersByHash = new(StringComparer.Ordinal);
    private readonly Revocations _revocations;

    public Authenticator(TurnSettings settings, Revocations revocations)
    {
        _revocations = revocations;
        _realm = Encoding.UTF8.GetBytes(settings.Realm);
        _secrets = [.. settings.Secrets.Select(Encoding.UTF8.GetBytes)];
        foreach (var (name, password) in settings.Users)
        {
            var user = new FixedUser(Encoding.UTF8.GetBytes(name), _realm, Encoding.UTF8.GetBytes(password));
            _users.Add(name, user);
            _usersByHash.Add(Convert.ToHexString(user.Hash), user);
        }
    }

    /// <summary>
    /// Finds the credential that a request names and checks the request's integrity with it.
    /// </summary>
    /// <param name="request">Has USERNAME or USERHASH and an integrity attribute.</param>
    /// <param name="algorithm">MD5 or SHA-256.</param>
    /// <param name="unixSeconds">Wall-clock time.</param>
    /// <param name="mayHaveExpired">Whether an expired time-limited credential is good enough.</param>
    /// <param name="identity">Who it is.</param>
    public bool TryAuthenticate(in StunMessage request, PasswordAlgorithm algorithm, long unixSeconds, bool mayHaveExpired, out Identity identity)
    {
        identity = default;
        if (TryFindFixedUser(request, out var username) is { } fixedUser)
        {
            var fixedKey = fixedUser.KeyFor(algorithm);
            identity = new Identity { Username = fixedUser.Name, User = fixedUser.UserName, Expiry = long.MaxValue, Key = fixedKey, Algorithm = algorithm };
            return IsIntegrityValid(request, fixedKey);
        }

        if (_secrets.Length == 0 || !TimeLimitedCredential.TryRead(username, out var expiry, out var user) ||
            (expiry <= unixSeconds && !mayHaveExpired) || _revocations.IsRevoked(user, expiry))
        {
            return false;
        }

        Span<byte> password = stackalloc byte[TimeLimitedCredential.PasswordSize];
        Span<byte> key = stackalloc byte[LongTermCredential.MaxKeySize];
        foreach (var secret in _secrets)
        {
            TimeLimitedCredential.WritePassword(secret, username, password);
            var size = LongTermCredential.WriteKey(algorithm, username, _realm, password, key);
            if (size > 0 && IsIntegrityValid(request, key[..size]))
            {
                identity = new Identity { Username = username.ToArray(), User = Encoding.UTF8.GetString(user), Expiry = expiry, Key = key[..size].ToArray(), Algorithm = algorithm };
                return true;
            }
        }

        return false;
    }

    /// <summary>Checks the stronger of the integrity attributes that a request has.</summary>
    public static bool IsIntegrityValid(in StunMessage request, ReadOnlySpan<byte> key) =>
        request.HasMessageIntegritySha256 ? request.IsIntegritySha256Valid(key) : request.IsIntegrityValid(key);

    private FixedUser? TryFindFixedUser(in StunMessage request, out ReadOnlySpan<byte> username)
    {
        if (request.TryGet(StunAttributeType.Username, out username))
        {
            // At most 763 bytes: longer names are refused before.
            Span<char> characters = stackalloc char[LongTermCredential.MaxPartBytes];
            return Encoding.UTF8.TryGetChars(username, characters, out var length) &&
                _users.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out var user) ? user : null;
        }

        request.TryGet(StunAttributeType.Userhash, out var hash);
        return _usersByHash.GetValueOrDefault(Convert.ToHexString(hash));
    }

    private sealed class FixedUser
    {
        private readonly byte[] _md5Key = new byte[16];
        private readonly byte[] _sha256Key = new byte[32];

        public FixedUser(byte[] name, byte[] realm, byte[] password)
        {
            Name = name;
            LongTermCredential.WriteKey(PasswordAlgorithm.Md5, name, realm, password, _md5Key);
            LongTermCredential.WriteKey(PasswordAlgorithm.Sha256, name, realm, password, _sha256Key);
            LongTermCredential.TryWriteUserhash(name, realm, Hash);
        }

        public byte[] Name { get; }

        public string UserName => Encoding.UTF8.GetString(Name);

        public byte[] Hash { get; } = new byte[32];

        public byte[] KeyFor(PasswordAlgorithm algorithm) => algorithm == PasswordAlgorithm.Sha256 ? _sha256Key : _md5Key;
    }
}
