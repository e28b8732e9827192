using System.Security.Cryptography;

namespace Parley.Signaling.Tests;

public sealed class SeatTokenTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly SeatClaim Claim = new(1, new ParticipantId("AbC-123"));

    [Fact]
    public void A_token_proves_its_seat()
    {
        Assert.True(SeatToken.TryRead(Key, "room", Make(), Now, out var claim));
        Assert.Equal(Claim, claim);
    }

    [Fact]
    public void A_token_is_good_for_one_room_one_key_and_its_time()
    {
        Assert.False(SeatToken.TryRead(Key, "room2", Make(), Now, out _));
        Assert.False(SeatToken.TryRead(new byte[32], "room", Make(), Now, out _));
        Assert.True(SeatToken.TryRead(Key, "room", Make(), Now.AddMinutes(59), out _));
        Assert.False(SeatToken.TryRead(Key, "room", Make(), Now.AddHours(1), out _));
    }

    [Fact]
    public void Every_changed_or_missing_character_spoils_a_token()
    {
        var token = Make();
        for (var i = 0; i < token.Length; i++)
        {
            // The last character of base64url may carry unused bits; those are refused as well.
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False(SeatToken.TryRead(Key, "room", changed, Now, out _), $"position {i}");
            Assert.False(SeatToken.TryRead(Key, "room", token.AsSpan(0, i), Now, out _), $"length {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("====")]
    [InlineData("not a token")]
    [InlineData("\u0000\ud800")]
    public void Junk_is_no_token(string junk) => Assert.False(SeatToken.TryRead(Key, "room", junk, Now, out _));

    [Fact]
    public void Random_bytes_are_no_token()
    {
        var random = new Random(8);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            Assert.False(SeatToken.TryRead(Key, "room", Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'), Now, out _));
        }
    }

    private static string Make() => SeatToken.Create(Key, "room", Claim, Now.AddHours(1));
}
