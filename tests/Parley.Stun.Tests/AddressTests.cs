using System.Net;

namespace Parley.Stun.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("192.0.2.1", AddressFamily.IPv4)]
    [InlineData("0.0.0.0", AddressFamily.IPv4)]
    [InlineData("255.255.255.255", AddressFamily.IPv4)]
    [InlineData("2001:db8::1", AddressFamily.IPv6)]
    [InlineData("::", AddressFamily.IPv6)]
    [InlineData("::ffff:192.0.2.1", AddressFamily.IPv6)]
    public void An_address_reads_and_writes_like_the_class_librarys(string text, AddressFamily family)
    {
        Assert.True(NetworkAddress.TryParse(text, out var address));
        Assert.Equal(family, address.Family);
        Assert.Equal(text, address.ToString());
        Assert.Equal(IPAddress.Parse(text), address.ToIPAddress());
        var bytes = new byte[address.Size];
        Assert.Equal(address.Size, address.WriteTo(bytes));
        Assert.Equal(IPAddress.Parse(text).GetAddressBytes(), bytes);
        Assert.True(NetworkAddress.TryRead(bytes, out var again) && again == address && again.GetHashCode() == address.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData(" 1.2.3.4")]
    [InlineData("fe80::1%1")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData("localhost")]
    public void Text_that_programs_read_differently_is_refused(string text)
    {
        Assert.False(NetworkAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => NetworkAddress.Parse(text));
    }

    [Fact]
    public void An_IPv4_address_and_its_IPv6_forms_differ()
    {
        Assert.NotEqual(NetworkAddress.Parse("192.0.2.1"), NetworkAddress.Parse("::ffff:192.0.2.1"));
        Assert.NotEqual(NetworkAddress.Parse("192.0.2.1"), NetworkAddress.Parse("::192.0.2.1"));
        Assert.NotEqual(default, NetworkAddress.Parse("0.0.0.0"));
    }

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65535")]
    [InlineData("[2001:db8::1]:3478")]
    public void A_transport_address_reads_and_writes(string text)
    {
        Assert.Equal(text, TransportAddress.Parse(text).ToString());
        Assert.Equal(IPEndPoint.Parse(text), TransportAddress.Parse(text).ToIPEndPoint());
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("192.0.2.1:-1")]
    [InlineData(":80")]
    [InlineData("[::1]")]
    public void What_is_no_transport_address_is_refused(string text) => Assert.Throws<FormatException>(() => TransportAddress.Parse(text));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(17)]
    public void Only_4_and_16_bytes_are_an_address(int size) => Assert.False(NetworkAddress.TryRead(new byte[size], out _));
}
