namespace Parley.Stun;

/// <summary>The value of FINGERPRINT: the CRC-32 of ITU V.42, XOR'ed so that it differs from an application's own CRC. RFC 8489 section 14.7.</summary>
internal static class Fingerprint
{
    private const uint Mask = 0x5354554E;

    private static readonly uint[] Table = BuildTable();

    public static uint Compute(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var b in message)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc ^ Mask;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
