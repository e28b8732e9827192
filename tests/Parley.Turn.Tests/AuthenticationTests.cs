using System.Text;
using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>RFC 8489 section 9.2.4 and RFC 8656 section 5.</summary>
public sealed class AuthenticationTests
{
    private readonly TurnHarness _server = new();

    [Fact]
    public void The_challenge_carries_realm_nonce_cookie_and_algorithms_and_no_integrity()
    {
        var challenge = new TurnClient(_server).FetchNonce();
        Assert.True(challenge.Message.TryGet(StunAttributeType.Realm, out var realm));
        Assert.Equal("parley"u8, realm);
        Assert.True(challenge.Message.TryGet(StunAttributeType.Nonce, out var nonce));
        Assert.True(StunNonceCookie.TryRead(nonce, out var features));
        Assert.Equal(StunSecurityFeatures.PasswordAlgorithms, features);
        Assert.True(challenge.Message.TryGet(StunAttributeType.PasswordAlgorithms, out var algorithms));
        Assert.Equal([0, 2, 0, 0, 0, 1, 0, 0], algorithms.ToArray());
        Assert.False(challenge.Message.HasMessageIntegrity || challenge.Message.HasMessageIntegritySha256);
    }

    [Theory]
    [InlineData(StunMethod.Allocate)]
    [InlineData(StunMethod.Refresh)]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.ChannelBind)]
    public void Every_request_but_Binding_must_be_authenticated(StunMethod method)
    {
        var client = new TurnClient(_server).Allocated();
        var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(method, authenticate: false, TurnClient.Peers("203.0.113.77:5000")))));
        Assert.Equal(StunErrorCode.Unauthenticated, new Reply(sent.Bytes).ErrorCode);
        Assert.Equal(method, new Reply(sent.Bytes).Message.Method);
    }

    [Theory]
    [InlineData(PasswordAlgorithm.Sha256)]
    [InlineData(PasswordAlgorithm.Md5)]
    public void A_client_that_names_an_algorithm_is_answered_with_SHA256_integrity(PasswordAlgorithm algorithm)
    {
        var client = new TurnClient(_server) { Algorithm = algorithm };
        var reply = client.Allocate();
        Assert.Equal(StunErrorCode.None, reply.ErrorCode);
        Assert.True(reply.Message.IsIntegritySha256Valid(client.Key()));
        Assert.False(reply.Message.HasMessageIntegrity);
        Assert.True(client.Refresh().Message.IsIntegritySha256Valid(client.Key()));
    }

    [Fact]
    public void A_client_may_change_the_algorithm_between_requests()
    {
        var client = new TurnClient(_server).Allocated();
        client.Algorithm = PasswordAlgorithm.Sha256;
        Assert.True(client.Refresh().Message.IsIntegritySha256Valid(client.Key()));
    }

    [Fact]
    public void Missing_name_realm_or_nonce_is_a_bare_400()
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        foreach (var missing in (StunAttributeType[])[StunAttributeType.Username, StunAttributeType.Realm, StunAttributeType.Nonce])
        {
            var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(StunMethod.Allocate, authenticate: false, (ref StunWriter writer) =>
            {
                foreach (var (type, value) in (ReadOnlySpan<(StunAttributeType, byte[])>)[(StunAttributeType.Username, "alice"u8.ToArray()), (StunAttributeType.Realm, "parley"u8.ToArray()), (StunAttributeType.Nonce, client.Nonce)])
                {
                    if (type != missing)
                    {
                        writer.Add(type, value);
                    }
                }

                writer.AddMessageIntegrity(client.Key());
            }))));
            var reply = new Reply(sent.Bytes);
            Assert.Equal(StunErrorCode.BadRequest, reply.ErrorCode);
            Assert.Equal([StunAttributeType.ErrorCode], reply.AttributeTypes);
            Assert.False(reply.Message.HasMessageIntegrity);
        }
    }

    [Fact]
    public void A_bid_down_of_the_password_algorithms_is_a_400()
    {
        var client = new TurnClient(_server);
        client.FetchNonce();
        WriteAttributes[] tries =
        [
            static (ref StunWriter writer) => writer.AddPasswordAlgorithm(PasswordAlgorithm.Sha256),
            static (ref StunWriter writer) => writer.AddPasswordAlgorithms([PasswordAlgorithm.Sha256, PasswordAlgorithm.Md5]),
            static (ref StunWriter writer) =>
            {
                writer.AddPasswordAlgorithms([PasswordAlgorithm.Md5]);
                writer.AddPasswordAlgorithm(PasswordAlgorithm.Md5);
            },
            static (ref StunWriter writer) =>
            {
                writer.AddPasswordAlgorithms([PasswordAlgorithm.Sha256, PasswordAlgorithm.Md5]);
                writer.AddPasswordAlgorithm((PasswordAlgorithm)3);
            },
        ];
        foreach (var attributes in tries)
        {
            Assert.Equal(StunErrorCode.BadRequest, client.Allocate(attributes).ErrorCode);
        }
    }

    [Fact]
    public void A_wrong_password_username_or_realm_is_challenged_again()
    {
        Assert.Equal(StunErrorCode.Unauthenticated, new TurnClient(_server) { Password = "wrong" }.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.Unauthenticated, new TurnClient(_server) { Username = "bob" }.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.Unauthenticated, new TurnClient(_server) { Username = "\u0000\u00ff" }.Allocate().ErrorCode);
        Assert.Equal(0, _server.Shard.AllocationCount);

        var client = new TurnClient(_server);
        client.FetchNonce();
        var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(StunMethod.Allocate, authenticate: false, (ref StunWriter writer) =>
        {
            writer.Add(StunAttributeType.Username, "alice"u8);
            writer.Add(StunAttributeType.Realm, "other"u8);
            writer.Add(StunAttributeType.Nonce, client.Nonce);
            writer.AddMessageIntegrity(client.Key());
        }))));
        Assert.Equal(StunErrorCode.Unauthenticated, new Reply(sent.Bytes).ErrorCode);
    }

    [Fact]
    public void Names_longer_than_the_RFC_allows_are_a_400()
    {
        Assert.Equal(StunErrorCode.BadRequest, new TurnClient(_server) { Username = new string('a', 764) }.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.Unauthenticated, new TurnClient(_server) { Username = new string('a', 763) }.Allocate().ErrorCode);
    }

    [Fact]
    public void Userhash_stands_for_a_fixed_users_name()
    {
        var client = new TurnClient(_server) { UseUserhash = true, Algorithm = PasswordAlgorithm.Sha256 };
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.None, client.Refresh().ErrorCode);

        client.UseUserhash = false;
        Assert.Equal(StunErrorCode.None, client.Refresh().ErrorCode);

        Assert.Equal(StunErrorCode.Unauthenticated, new TurnClient(_server, "203.0.113.9:40001") { UseUserhash = true, Username = "bob" }.Allocate().ErrorCode);
    }

    [Fact]
    public void Username_anonymity_is_announced_only_where_every_user_is_known()
    {
        var server = new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv4 = TurnHarness.RelayIPv4 });
        Assert.True(new TurnClient(server).FetchNonce().Message.TryGet(StunAttributeType.Nonce, out var nonce));
        Assert.True(StunNonceCookie.TryRead(nonce, out var features));
        Assert.Equal(StunSecurityFeatures.PasswordAlgorithms | StunSecurityFeatures.UsernameAnonymity, features);
    }

    [Fact]
    public void Without_an_allocation_an_authenticated_request_is_a_437()
    {
        var client = new TurnClient(_server);
        Assert.Equal(StunErrorCode.AllocationMismatch, client.Refresh().ErrorCode);
        Assert.Equal(StunErrorCode.AllocationMismatch, client.CreatePermission("203.0.113.77:5000").ErrorCode);
        Assert.Equal(StunErrorCode.AllocationMismatch, client.ChannelBind(0x4000, "203.0.113.77:5000").ErrorCode);
    }

    [Fact]
    public void Somebody_elses_good_credentials_are_a_441()
    {
        var client = new TurnClient(_server).Allocated();
        var other = TimeLimitedCredential.Mint(TurnHarness.Secret, "mallory", _server.WallClock.AddHours(1));
        (client.Username, client.Password) = (other.Username, other.Password);
        Assert.Equal(StunErrorCode.WrongCredentials, client.Refresh(0).ErrorCode);
        Assert.Equal(StunErrorCode.WrongCredentials, client.CreatePermission("203.0.113.77:5000").ErrorCode);
        Assert.Equal(StunErrorCode.WrongCredentials, client.ChannelBind(0x4000, "203.0.113.77:5000").ErrorCode);
        Assert.Equal(StunErrorCode.AllocationMismatch, client.Allocate().ErrorCode);
        Assert.True(client.HasAllocation);
    }

    [Theory]
    [InlineData("call-7:seat-1")]
    [InlineData("")]
    [InlineData("名前")]
    public void Time_limited_credentials_are_good_until_they_expire(string user)
    {
        var client = TurnClient.WithTimeLimitedCredential(_server, user, TimeSpan.FromMinutes(5));
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);

        _server.Sleep(TimeSpan.FromSeconds(299));
        Assert.Equal(StunErrorCode.None, client.Refresh().ErrorCode);
        _server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(StunErrorCode.Unauthenticated, client.Refresh().ErrorCode);
        Assert.Equal(StunErrorCode.Unauthenticated, client.CreatePermission("203.0.113.77:5000").ErrorCode);
    }

    // Expected: printf %s USERNAME | openssl dgst -sha1 -hmac SECRET -binary | base64
    [Theory]
    [InlineData("", "1795000000", "L+YCkAox1pMz0lu12/1UsG9Xw6A=")]
    [InlineData("call-7:seat-1", "1795000000:call-7:seat-1", "XbahSlZuAO17MCmbHUWstuJ/yPE=")]
    public void A_minted_credential_is_what_coturns_scheme_computes(string user, string username, string password) =>
        Assert.Equal(
            new TimeLimitedCredential(username, password),
            TimeLimitedCredential.Mint("north", user, DateTimeOffset.FromUnixTimeSeconds(1795000000)));

    [Theory]
    [InlineData("{0}:bob")]
    [InlineData("{0}")]
    [InlineData("bob:{0}")]
    [InlineData("{0}:")]
    [InlineData("{0}:bob:of:colons")]
    public void Usernames_of_other_issuers_work(string pattern)
    {
        var username = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, _server.WallClock.AddMinutes(1).ToUnixTimeSeconds());
        var client = new TurnClient(_server) { Username = username, Password = PasswordOf(TurnHarness.Secret, username) };
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("bob:")]
    [InlineData(":")]
    [InlineData("-5:bob")]
    [InlineData("+1795000000:bob")]
    [InlineData("9999999999999999999999:bob")]
    [InlineData("1:bob")]
    [InlineData("1 795000000:bob")]
    public void Usernames_without_a_time_to_come_do_not(string username)
    {
        var client = new TurnClient(_server) { Username = username, Password = PasswordOf(TurnHarness.Secret, username) };
        Assert.Equal(StunErrorCode.Unauthenticated, client.Allocate().ErrorCode);
    }

    [Fact]
    public void An_older_secret_is_good_while_it_is_listed()
    {
        var server = new TurnHarness(new TurnSettings { Secrets = ["new", "old"], RelayAddressIPv4 = TurnHarness.RelayIPv4 });
        foreach (var (secret, port, code) in ((string, int, StunErrorCode)[])[("new", 1, StunErrorCode.None), ("old", 2, StunErrorCode.None), ("older", 3, StunErrorCode.Unauthenticated)])
        {
            var credential = TimeLimitedCredential.Mint(secret, "u", server.WallClock.AddMinutes(1));
            var client = new TurnClient(server, $"203.0.113.9:{port}") { Username = credential.Username, Password = credential.Password };
            Assert.Equal(code, client.Allocate().ErrorCode);
        }
    }

    [Fact]
    public void Expiry_on_refresh_can_be_let_go()
    {
        var server = new TurnHarness(new TurnSettings { Secrets = [TurnHarness.Secret], RelayAddressIPv4 = TurnHarness.RelayIPv4, EnforceExpiryOnRefresh = false });
        var client = TurnClient.WithTimeLimitedCredential(server, "u", TimeSpan.FromMinutes(5)).Allocated();
        server.Sleep(TimeSpan.FromMinutes(9));
        Assert.Equal(StunErrorCode.None, client.Refresh().ErrorCode);
        Assert.Equal(StunErrorCode.Unauthenticated, new TurnClient(server, "203.0.113.9:40001") { Username = client.Username, Password = client.Password }.Allocate().ErrorCode);
    }

#pragma warning disable CA5350 // The scheme under test.
    private static string PasswordOf(string secret, string username) =>
        Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
#pragma warning restore CA5350
}
