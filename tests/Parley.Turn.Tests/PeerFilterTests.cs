using Parley.Stun;

namespace Parley.Turn.Tests;

public sealed class PeerFilterTests
{
    private static readonly PeerFilter Strict = new(new TurnSettings
    {
        RelayAddressIPv4 = NetworkAddress.Parse("45.45.45.45"),
        RelayAddressIPv6 = NetworkAddress.Parse("2a00::45"),
        HostAddresses = [NetworkAddress.Parse("46.46.46.46"), NetworkAddress.Parse("10.0.0.5"), NetworkAddress.Parse("2a00::46")],
    });

    private static readonly PeerFilter Lan = new(new TurnSettings
    {
        RelayAddressIPv4 = NetworkAddress.Parse("10.0.0.5"),
        HostAddresses = [NetworkAddress.Parse("46.46.46.46")],
        AllowPrivatePeers = true,
    });

    public static TheoryData<string> Public => ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.0.1.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1", "2003::1", "64:ff9b::8.8.8.8"];

    public static TheoryData<string> Private =>
    [
        "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1", "100::1", "2001:2::1", "2001:10::1", "2001:db8::1", "3fff::1", "5f00::1", "64:ff9b:1::1", "4000::1", "e000::1",
        "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254",
    ];

    public static TheoryData<string> Never =>
    [
        "0.0.0.0", "0.1.2.3", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::8.8.8.8", "::127.0.0.1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:8.8.8.8", "::ffff:0:127.0.0.1",
        "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2002::1", "2002:7f00:1::", "2002:808:808::1", "ff02::1", "ff0e::1",
        "fe80::5efe:10.0.0.1", "2a00::5efe:8.8.8.8", "2a00::200:5efe:808:808", "64:ff9b::0.0.0.0", "64:ff9b::224.0.0.1", "64:ff9b::255.255.255.255",
    ];

    [Theory]
    [MemberData(nameof(Public))]
    public void Public_addresses_are_allowed(string address)
    {
        Assert.True(Strict.Allows(NetworkAddress.Parse(address)));
        Assert.True(Lan.Allows(NetworkAddress.Parse(address)));
    }

    [Theory]
    [MemberData(nameof(Private))]
    public void Private_addresses_are_allowed_only_where_the_switch_says_so(string address)
    {
        Assert.False(Strict.Allows(NetworkAddress.Parse(address)));
        Assert.True(Lan.Allows(NetworkAddress.Parse(address)));
    }

    [Theory]
    [MemberData(nameof(Never))]
    public void What_no_peer_can_have_is_denied_whatever_the_switch_says(string address)
    {
        Assert.False(Strict.Allows(NetworkAddress.Parse(address)));
        Assert.False(Lan.Allows(NetworkAddress.Parse(address)));
    }

    [Theory]
    [InlineData("45.45.45.45")]
    [InlineData("46.46.46.46")]
    [InlineData("10.0.0.5")]
    [InlineData("2a00::45")]
    [InlineData("2a00::46")]
    [InlineData("64:ff9b::46.46.46.46")]
    [InlineData("64:ff9b::45.45.45.45")]
    public void The_hosts_own_addresses_are_denied(string address) => Assert.False(Strict.Allows(NetworkAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.5", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("46.46.46.46", false)]
    public void Where_private_peers_are_allowed_so_are_the_hosts_private_addresses_but_not_its_public_ones(string address, bool allowed) =>
        Assert.Equal(allowed, Lan.Allows(NetworkAddress.Parse(address)));

    [Fact]
    public void Lists_add_and_remove_and_denial_wins()
    {
        var filter = new PeerFilter(new TurnSettings
        {
            HostAddresses = [NetworkAddress.Parse("10.1.0.1")],
            AllowedPeers = [IpPrefix.Parse("10.1.0.0/16"), IpPrefix.Parse("224.0.0.0/4"), IpPrefix.Parse("::ffff:0:0/96")],
            DeniedPeers = [IpPrefix.Parse("10.1.2.0/24"), IpPrefix.Parse("8.8.8.0/24"), IpPrefix.Parse("2606:4700::/32"), IpPrefix.Parse("64:ff9b::9.9.9.9")],
        });
        Assert.True(filter.Allows(NetworkAddress.Parse("10.1.1.1")));
        Assert.True(filter.Allows(NetworkAddress.Parse("64:ff9b::10.1.1.1")));
        Assert.False(filter.Allows(NetworkAddress.Parse("10.1.0.1")));
        Assert.False(filter.Allows(NetworkAddress.Parse("10.1.2.1")));
        Assert.False(filter.Allows(NetworkAddress.Parse("10.2.0.1")));
        Assert.False(filter.Allows(NetworkAddress.Parse("8.8.8.8")));
        Assert.False(filter.Allows(NetworkAddress.Parse("64:ff9b::8.8.8.8")));
        Assert.False(filter.Allows(NetworkAddress.Parse("64:ff9b::9.9.9.9")));
        Assert.True(filter.Allows(NetworkAddress.Parse("9.9.9.9")));
        Assert.False(filter.Allows(NetworkAddress.Parse("2606:4700::1")));
        Assert.False(filter.Allows(NetworkAddress.Parse("224.0.0.1")));
        Assert.False(filter.Allows(NetworkAddress.Parse("::ffff:1.2.3.4")));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("192.0.2.1", "192.0.2.1/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("2001:db8:0:8000::/49", "2001:db8:0:8000::/49")]
    public void A_prefix_reads_and_writes(string text, string written)
    {
        Assert.True(IpPrefix.TryParse(text, out var prefix));
        Assert.Equal(written, prefix.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0/8")]
    [InlineData("10/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("167772160")]
    [InlineData("10.0.0.0-10.0.0.255")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8::1/32")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("example.org")]
    public void A_malformed_prefix_is_refused(string text)
    {
        Assert.False(IpPrefix.TryParse(text, out _));
        Assert.Throws<FormatException>(() => IpPrefix.Parse(text));
    }

    [Fact]
    public void A_prefix_contains_exactly_its_range()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var isIPv4 = random.Next(2) == 0;
            var address = isIPv4 ? NetworkAddress.FromIPv4((uint)random.NextInt64()) : NetworkAddress.FromIPv6((ulong)random.NextInt64(), (ulong)random.NextInt64());
            var length = random.Next(0, (address.Size * 8) + 1);
            var prefix = IpPrefix.Parse($"{FirstOf(address, length)}/{length}");
            Assert.True(prefix.Contains(address));
            if (length > 0)
            {
                // Any fixed bit turned takes the address out of the range; any free bit does not.
                Assert.False(prefix.Contains(Flip(address, random.Next(0, length))));
            }

            if (length < address.Size * 8)
            {
                Assert.True(prefix.Contains(Flip(address, random.Next(length, address.Size * 8))));
            }
        }

        static NetworkAddress FirstOf(NetworkAddress address, int length)
        {
            var bytes = new byte[address.Size];
            address.WriteTo(bytes);
            for (var bit = length; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            }

            Assert.True(NetworkAddress.TryRead(bytes, out var first));
            return first;
        }

        static NetworkAddress Flip(NetworkAddress address, int bit) =>
            address.Family == AddressFamily.IPv4 ? NetworkAddress.FromIPv4((uint)address.Low ^ (1u << (31 - bit)))
            : bit < 64 ? NetworkAddress.FromIPv6(address.High ^ (1ul << (63 - bit)), address.Low)
            : NetworkAddress.FromIPv6(address.High, address.Low ^ (1ul << (127 - bit)));
    }
}
