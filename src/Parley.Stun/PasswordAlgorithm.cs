namespace Parley.Stun;

/// <summary>How a long-term password becomes a key. RFC 8489 section 18.5.</summary>
public enum PasswordAlgorithm : ushort
{
    /// <summary>None named: MD5 is meant.</summary>
    None = 0,

    /// <summary>MD5, 16 bytes; what RFC 5389 clients, browsers included, use.</summary>
    Md5 = 1,

    /// <summary>SHA-256, 32 bytes.</summary>
    Sha256 = 2,
}
