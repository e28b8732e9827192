using System.Net;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests.Linux;

/// <summary>ICMP errors come from the kernel's error queue, which the portable engine has no access to.</summary>
public sealed class IcmpTests
{
    [Theory]
    [InlineData(AddressFamily.IPv4, 3, 3)]
    [InlineData(AddressFamily.IPv6, 1, 4)]
    public async Task A_client_is_told_that_its_peer_is_unreachable(AddressFamily family, byte type, byte code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The batched engine is for Linux.");
        await using var host = await TurnHost.StartAsync();
        await using var client = TestClient.Udp(host);
        await client.AllocateAsync((ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, family));
        TransportAddress address;
        using (var peer = new Peer(family == AddressFamily.IPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback))
        {
            address = peer.Address;
        }

        await client.BindAsync(0x4001, address);
        await client.SendAsync(0x4001, "nobody there"u8);
        Assert.Equal((address, type, code), await client.UnreachableAsync());
    }
}
