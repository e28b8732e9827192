using Parley.Stun;

namespace Parley.Turn.Tests;

public sealed class SettingsTests
{
    public static TheoryData<string, TurnSettings> Mistakes => new()
    {
        { "Realm", new TurnSettings { Realm = "" } },
        { "Realm", new TurnSettings { Realm = "a\"b" } },
        { "Realm", new TurnSettings { Realm = new string('r', 128) } },
        { "Software", new TurnSettings { Software = new string('s', 128) } },
        { "Secrets", new TurnSettings { Secrets = ["good", ""] } },
        { "Users", new TurnSettings { Users = new Dictionary<string, string> { ["alice"] = "" } } },
        { "Users", new TurnSettings { Users = new Dictionary<string, string> { [new string('u', 509)] = "x" } } },
        { "RelayAddressIPv4", new TurnSettings { RelayAddressIPv4 = NetworkAddress.Parse("::1") } },
        { "RelayAddressIPv6", new TurnSettings { RelayAddressIPv6 = NetworkAddress.Parse("127.0.0.1") } },
        { "RelayPortMin", new TurnSettings { RelayPortMin = 1023 } },
        { "RelayPortMin", new TurnSettings { RelayPortMin = 50001, RelayPortMax = 50000 } },
        { "DefaultLifetime", new TurnSettings { DefaultLifetime = TimeSpan.Zero } },
        { "MaxLifetime", new TurnSettings { MaxLifetime = TimeSpan.FromMinutes(9) } },
        { "MaxLifetime", new TurnSettings { MaxLifetime = TimeSpan.FromMinutes(61) } },
        { "NonceLifetime", new TurnSettings { NonceLifetime = TimeSpan.FromHours(2) } },
        { "MaxAllocations", new TurnSettings { MaxAllocations = 0 } },
        { "MaxAllocationsPerUser", new TurnSettings { MaxAllocationsPerUser = 0 } },
        { "MaxAllocationsPerClientAddress", new TurnSettings { MaxAllocationsPerClientAddress = 0 } },
        { "MaxPermissions", new TurnSettings { MaxPermissions = 0 } },
        { "MaxChannels", new TurnSettings { MaxChannels = 5000 } },
        { "Rates", new TurnSettings { MaxBytesPerSecond = -1 } },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_is_named_and_the_server_does_not_start(string name, TurnSettings settings)
    {
        Assert.StartsWith(name, Assert.Single(settings.FindMistakes()), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TurnRegistry(settings, new byte[32]));
    }

    [Fact]
    public void The_defaults_have_no_mistakes() => Assert.Empty(new TurnSettings().FindMistakes());

    [Fact]
    public void All_mistakes_are_named_at_once() => Assert.Equal(2, new TurnSettings { Realm = "", MaxChannels = 0 }.FindMistakes().Count);

    [Fact]
    public void Keys_and_seeds_have_32_bytes()
    {
        Assert.Throws<ArgumentException>(() => new TurnRegistry(new TurnSettings(), new byte[31]));
        var registry = new TurnRegistry(new TurnSettings(), new byte[32]);
        Assert.Throws<ArgumentException>(() => registry.CreateShard(new byte[33]));
        Assert.Throws<ArgumentException>(() => registry.RotateNonceKey([]));
    }
}
