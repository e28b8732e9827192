using System.Net;
using Parley.Stun;

namespace Parley.Turn.Hosting;

/// <summary>Between the framework's addresses and the protocol's.</summary>
internal static class AddressConversions
{
    public static NetworkAddress ToNetworkAddress(this IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        NetworkAddress.TryRead(bytes[..written], out var result);
        return result;
    }

    public static TransportAddress ToTransportAddress(this IPEndPoint endPoint) => new(endPoint.Address.ToNetworkAddress(), (ushort)endPoint.Port);
}
