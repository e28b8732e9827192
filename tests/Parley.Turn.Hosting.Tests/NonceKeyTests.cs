using Microsoft.Extensions.Time.Testing;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>The keys of the nonces are made anew by the host, on its clock.</summary>
public sealed class NonceKeyTests
{
    // What the engine takes the time to be follows once a minute, so in this test nothing but the key can spoil a nonce.
    private static readonly TimeSpan NonceLifetime = new TurnSettings().NonceLifetime;

    [Fact]
    public async Task Item_04_Nonce_keys_are_made_anew_and_the_one_before_stays_good()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await TurnHost.StartConfiguredAsync(time, ("Endpoints:Http:Url", "http://127.0.0.1:0"));
        await using var client = TestClient.Udp(host);
        await client.AllocateAsync();

        time.Advance(NonceLifetime);
        Assert.Equal(StunErrorCode.None, await TryRefreshAsync(client));

        time.Advance(NonceLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(StunErrorCode.None, await TryRefreshAsync(client));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StunErrorCode.StaleNonce, await TryRefreshAsync(client));
        Assert.Equal(StunErrorCode.None, await TryRefreshAsync(client));
    }

    private static Task<StunErrorCode> TryRefreshAsync(TestClient client) =>
        client.TryAsync(StunMethod.Refresh, (ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 600));
}
