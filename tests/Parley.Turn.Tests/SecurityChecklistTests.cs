using System.Reflection;
using Parley.Stun;

namespace Parley.Turn.Tests;

/// <summary>
/// The security checklist, item by item, as far as it concerns the state machine. Items 13, 15 and 17 and the rest of 14 belong
/// to the edge. What a name here says in short, the classes it leans on test at length.
/// </summary>
public sealed class SecurityChecklistTests
{
    private static readonly string[] Denied =
    [
        "127.0.0.1", "0.0.0.0", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "192.0.0.1", "198.18.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "46.46.46.46",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:46.46.46.46", "::ffff:8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
        "64:ff9b::46.46.46.46", "64:ff9b:1::8.8.8.8", "2002:7f00:1::1", "2001:0:7f00:1::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2a00::46",
    ];

    // No documentation range is allowed here: these settings are those of a server on the Internet.
    private static TurnHarness Strict(int replies = 100) => new(new TurnSettings
    {
        Secrets = [TurnHarness.Secret],
        Users = TurnHarness.DefaultSettings.Users,
        RelayAddressIPv4 = NetworkAddress.Parse("45.45.45.45"),
        RelayAddressIPv6 = NetworkAddress.Parse("2a00::45"),
        HostAddresses = [NetworkAddress.Parse("46.46.46.46"), NetworkAddress.Parse("2a00::46")],
        MaxUnauthenticatedRepliesPerSecond = replies,
    });

    private static void Both(ref StunWriter writer) => writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, AddressFamily.IPv6);

    [Fact]
    public void Item_01_The_peer_filter_guards_CreatePermission_ChannelBind_and_Send()
    {
        var server = Strict();
        var client = new TurnClient(server).Allocated(Both);
        foreach (var address in Denied)
        {
            var peer = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:53" : $"{address}:53";
            Assert.True(client.CreatePermission(peer).ErrorCode == StunErrorCode.Forbidden, $"CreatePermission let {peer} pass.");
            Assert.True(client.ChannelBind(0x4000, peer).ErrorCode == StunErrorCode.Forbidden, $"ChannelBind let {peer} pass.");
            Assert.True(client.SendIndication(peer, "x"u8).Count == 0, $"Send let {peer} pass.");
            Assert.True(server.ReceiveFromPeer(client.Allocation, peer, "x"u8).Count == 0, $"{peer} got through to the client.");
        }

        Assert.Equal(StunErrorCode.None, client.CreatePermission("8.8.8.8:53", "[2606:4700::1]:53").ErrorCode);
        Assert.Single(client.SendIndication("8.8.8.8:53", "x"u8));
    }

    [Fact]
    public void Item_01_One_switch_opens_the_filter_for_a_LAN_and_no_further()
    {
        var server = new TurnHarness(new TurnSettings { Users = TurnHarness.DefaultSettings.Users, RelayAddressIPv4 = TurnHarness.RelayIPv4, AllowPrivatePeers = true });
        var client = new TurnClient(server).Allocated();
        Assert.Equal(StunErrorCode.None, client.CreatePermission("192.168.0.1:1", "127.0.0.1:1", "10.0.0.1:1").ErrorCode);
        Assert.Equal(StunErrorCode.Forbidden, client.CreatePermission("0.0.0.0:1").ErrorCode);
        Assert.Equal(StunErrorCode.Forbidden, client.CreatePermission("224.0.0.1:1").ErrorCode);
    }

    [Fact]
    public void Item_02_Own_relayed_addresses_are_permitted_but_only_relay_ports_and_only_live_allocations_that_admit_the_sender()
    {
        var server = Strict();
        server.Engine = static _ => EngineAnswer.Wait;
        var (a, b) = (Allocate("203.0.113.9:1", 50000), Allocate("203.0.113.9:2", 50001));

        // Ports of other programs on this host are out of reach, even though the address is permitted.
        Assert.Equal(StunErrorCode.None, a.CreatePermission("45.45.45.45:22").ErrorCode);
        Assert.Equal(StunErrorCode.Forbidden, a.ChannelBind(0x4000, "45.45.45.45:22").ErrorCode);
        Assert.Empty(a.SendIndication("45.45.45.45:22", "x"u8));
        Assert.Equal(1, server.Shard.Counters.Drops(TurnDropReason.ForbiddenPeer));

        // A relay port that nobody has goes nowhere, not to whatever the host may have bound there.
        Assert.Equal(StunErrorCode.None, a.ChannelBind(0x4001, "45.45.45.45:50002").ErrorCode);
        Assert.Empty(a.SendChannelData(0x4001, "x"u8));
        Assert.Empty(a.SendIndication("45.45.45.45:50002", "x"u8));

        // A live allocation gets it once it has given permission itself.
        Assert.Equal(StunErrorCode.None, a.ChannelBind(0x4002, "45.45.45.45:50001").ErrorCode);
        Assert.Empty(a.SendChannelData(0x4002, "x"u8));
        b.CreatePermission("45.45.45.45:50000");
        Assert.Equal(b.Tuple, Assert.IsType<Output.Sent>(Assert.Single(a.SendChannelData(0x4002, "x"u8))).Client);

        TurnClient Allocate(string address, ushort port)
        {
            var client = new TurnClient(server, address);
            client.AllocateOutputs();
            var request = Assert.Single(server.Waiting);
            server.Waiting.Clear();
            server.Do((shard, sink) => shard.RelayOpened(request, new(new TransportAddress(NetworkAddress.Parse("45.45.45.45"), port)), server.Now, ref sink));
            return client;
        }
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.1/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("10.0.0.0-10.0.0.9")]
    public void Item_03_A_malformed_range_is_refused_before_the_server_starts(string range) =>
        Assert.Throws<FormatException>(() => new TurnSettings { DeniedPeers = [IpPrefix.Parse(range)] });

    [Fact]
    public void Item_03_A_filtered_peer_is_an_ordinary_403_that_is_counted()
    {
        var server = Strict();
        var client = new TurnClient(server).Allocated();
        client.CreatePermission("192.168.1.5:1");
        Assert.Equal(1, server.Shard.Counters.Refusals(StunErrorCode.Forbidden));
        Assert.True(client.HasAllocation);
    }

    [Fact]
    public void Item_04_Nonces_are_stateless_bound_to_the_address_and_checked_before_username_and_integrity()
    {
        var server = Strict();
        var client = new TurnClient(server);
        client.FetchNonce();
        Assert.Equal(StunErrorCode.StaleNonce, new TurnClient(server, "203.0.113.10:1") { Nonce = client.Nonce }.Allocate().ErrorCode);
        Assert.Equal(StunErrorCode.StaleNonce, new TurnClient(server, "203.0.113.10:1") { Nonce = client.Nonce, Username = "nobody", Password = "wrong" }.Allocate().ErrorCode);

        server.Registry.RotateNonceKey([.. Enumerable.Repeat((byte)1, 32)]);
        Assert.Equal(StunErrorCode.None, client.Allocate().ErrorCode);
        server.Registry.RotateNonceKey([.. Enumerable.Repeat((byte)2, 32)]);
        Assert.Equal(StunErrorCode.StaleNonce, client.Refresh().ErrorCode);
    }

    [Fact]
    public void Item_05_Sources_that_prove_nothing_leave_not_one_byte_behind()
    {
        var server = Strict(replies: 1_000_000);
        var template = new TurnClient(server) { Nonce = "obMatJos2gAAAAAAAAAAAAAAAAAA"u8.ToArray() };
        byte[][] messages =
        [
            template.Build(StunMethod.Binding, authenticate: false),
            template.Build(StunMethod.Allocate, authenticate: false, static (ref StunWriter writer) => writer.AddRequestedTransport(17)),
            template.Build(StunMethod.Allocate, authenticate: true, static (ref StunWriter writer) => writer.AddRequestedTransport(17)),
            template.Build(StunMethod.Refresh, authenticate: false, (ref StunWriter writer) => writer.AddMessageIntegrity(template.Key())),
        ];
        var sink = default(NullSink);
        Flood(1000, ref sink);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Flood(50_000, ref sink);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(51_000, sink.Messages);
        Assert.Equal(default, server.Registry.TakeInventory());
        Assert.Equal(0, server.Shard.AllocationCount);
        Assert.Equal(Instant.Never, server.Shard.NextDeadline);

        void Flood(int count, ref NullSink sink)
        {
            for (var i = 0; i < count; i++)
            {
                var source = new TransportAddress(NetworkAddress.FromIPv4(0x0B000000 + (uint)(i * 7919)), (ushort)(i % 65535 + 1));
                server.Shard.ReceiveFromClient(new FiveTuple(TransportProtocol.Udp, source, template.Tuple.Server), messages[i % messages.Length], server.Now, ref sink);
            }
        }
    }

    [Theory]
    [InlineData("203.0.113.9:{0}", "203.0.113.10:1")]
    [InlineData("[2001:db8::{0}]:7", "[2001:db8:0:1::1]:7")]
    public void Item_06_Unauthenticated_replies_have_a_budget_per_source_prefix(string pattern, string elsewhere)
    {
        var server = Strict(replies: 50);
        Assert.Equal(100, Enumerable.Range(1, 300).Count(i => Ask(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i))));
        Assert.Equal(200, server.Shard.Counters.Drops(TurnDropReason.ReplyBudget));
        Assert.True(Ask(elsewhere));
        server.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(50, Enumerable.Range(1, 300).Count(i => Ask(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i))));

        bool Ask(string address)
        {
            var client = new TurnClient(server, address);
            return client.Send(client.Build(StunMethod.Binding, authenticate: false)).Count == 1;
        }
    }

    [Fact]
    public void Item_06_Whoever_has_authenticated_and_whoever_is_on_a_stream_is_not_held_up_by_the_budget()
    {
        var server = Strict(replies: 1);
        var client = new TurnClient(server).Allocated();
        var stranger = new TurnClient(server, "203.0.113.9:1");
        for (var i = 0; i < 10; i++)
        {
            stranger.Send(stranger.Build(StunMethod.Binding, authenticate: false));
            Assert.Equal(StunErrorCode.None, client.Refresh().ErrorCode);
        }

        var stream = new TurnClient(server, "203.0.113.9:1", TransportProtocol.Tls);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Single(stream.Send(stream.Build(StunMethod.Binding, authenticate: false))));
    }

    [Fact]
    public void Item_06_Unauthenticated_replies_are_no_larger_than_the_protocol_needs()
    {
        var server = Strict();
        var client = new TurnClient(server);
        var binding = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(StunMethod.Binding, authenticate: false))));
        Assert.Equal(32, binding.Bytes.Length);

        var challenge = client.FetchNonce();
        Assert.Equal(StunHeader.Size + 8 + (4 + 8) + (4 + 28) + (4 + 8), challenge.Bytes.Length);
        Assert.DoesNotContain(StunAttributeType.Software, challenge.AttributeTypes);
        Assert.True(challenge.Message.TryGetErrorCode(out _, out var reasonPhrase));
        Assert.True(reasonPhrase.IsEmpty);

        // 438 and 400 are shorter than what they answer.
        var request = client.Build(StunMethod.Allocate, authenticate: true, static (ref StunWriter writer) => writer.AddRequestedTransport(17));
        server.Sleep(TimeSpan.FromHours(1));
        Assert.InRange(Assert.IsType<Output.Sent>(Assert.Single(client.Send(request))).Bytes.Length, 1, request.Length);
        request = client.Build(StunMethod.Allocate, authenticate: false, (ref StunWriter writer) => writer.AddMessageIntegrity(client.Key()));
        Assert.InRange(Assert.IsType<Output.Sent>(Assert.Single(client.Send(request))).Bytes.Length, 1, request.Length);
    }

    [Fact]
    public void Item_07_What_follows_the_integrity_attribute_is_ignored()
    {
        var server = new TurnHarness();
        var client = new TurnClient(server).Allocated();
        var refresh = client.Build(StunMethod.Refresh, authenticate: true, afterIntegrity: static (ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 0));
        Assert.Equal(600u, new Reply(Assert.IsType<Output.Sent>(Assert.Single(client.Send(refresh))).Bytes).Lifetime);
        Assert.True(client.HasAllocation);

        var permission = client.Build(StunMethod.CreatePermission, authenticate: true, TurnClient.Peers("203.0.113.77:1"), afterIntegrity: TurnClient.Peers("203.0.113.78:1"));
        client.Send(permission);
        Assert.Single(server.ReceiveFromPeer(client.Allocation, "203.0.113.77:5000", "x"u8));
        Assert.Empty(server.ReceiveFromPeer(client.Allocation, "203.0.113.78:5000", "x"u8));

        // Not even an unknown required attribute counts there.
        var unknown = client.Build(StunMethod.Refresh, authenticate: true, afterIntegrity: static (ref StunWriter writer) => writer.Add((StunAttributeType)0x7F01, [1]));
        Assert.Equal(StunErrorCode.None, new Reply(Assert.IsType<Output.Sent>(Assert.Single(client.Send(unknown))).Bytes).ErrorCode);
    }

    [Fact]
    public void Item_07_Of_duplicate_attributes_the_first_counts()
    {
        var client = new TurnClient(new TurnHarness());
        Assert.Equal(700u, client.Allocate(static (ref StunWriter writer) =>
        {
            writer.AddUInt32(StunAttributeType.Lifetime, 700);
            writer.AddUInt32(StunAttributeType.Lifetime, 800);
        }).Lifetime);
    }

    [Fact]
    public void Item_07_Padding_and_headers_are_written_whatever_the_buffer_held()
    {
        var server = new TurnHarness();
        var client = new TurnClient(server, protocol: TransportProtocol.Tcp).Allocated();
        client.CreatePermission("203.0.113.77:1");

        // The harness fills the space around the data with 0xEE.
        var sent = Assert.IsType<Output.Sent>(Assert.Single(server.ReceiveFromPeer(client.Allocation, "203.0.113.77:5000", [1])));
        Assert.Equal([1, 0, 0, 0], sent.Bytes[^4..]);
        Assert.DoesNotContain((byte)0xEE, sent.Bytes);
        client.ChannelBind(0x4000, "203.0.113.77:5000");
        Assert.Equal("4000000101000000", Assert.IsType<Output.Sent>(Assert.Single(server.ReceiveFromPeer(client.Allocation, "203.0.113.77:5000", [1]))).Hex);
    }

    [Fact]
    public void Item_08_Every_cap_has_a_finite_default()
    {
        var settings = new TurnSettings();
        Assert.InRange(settings.MaxAllocations, 1, 65_536);
        Assert.InRange(settings.MaxAllocationsPerUser, 1, 100);
        Assert.InRange(settings.MaxAllocationsPerClientAddress, 1, 1000);
        Assert.InRange(settings.MaxPermissions, 1, 1000);
        Assert.InRange(settings.MaxChannels, 1, 1000);
        Assert.InRange(settings.MaxNewPeersPerSecond, 1, 10);
        Assert.InRange(settings.MaxPacketsPerSecond, 1, 100_000);
        Assert.InRange(settings.MaxBytesPerSecond, 1, 125_000_000);
        Assert.InRange(settings.MaxUnauthenticatedRepliesPerSecond, 1, 1000);
    }

    [Fact]
    public void Item_09_Lifetime_is_capped_expiry_is_enforced_on_refresh_and_a_hang_up_frees_at_once()
    {
        var server = new TurnHarness();
        var client = TurnClient.WithTimeLimitedCredential(server, "u", TimeSpan.FromMinutes(5));
        Assert.Equal(3600u, client.Allocate(static (ref StunWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 1_000_000)).Lifetime);
        server.Sleep(TimeSpan.FromMinutes(5));
        Assert.Equal(StunErrorCode.Unauthenticated, client.Refresh().ErrorCode);
        server.Do((shard, sink) => shard.Revoke("u", server.WallClock.AddHours(1), server.Now, ref sink));
        Assert.False(client.HasAllocation);
        Assert.Equal(0, server.OpenRelays);
    }

    [Fact]
    public void Item_10_Names_of_clients_reach_no_counter_and_no_output_but_their_own_quota()
    {
        // Nothing that metrics or logs are made of has room for a text: counters are numbers under fixed enums.
        Assert.DoesNotContain(typeof(TurnCounters).GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OfType<MethodInfo>(), method =>
            method.ReturnType != typeof(long) || method.GetParameters().Any(parameter => !parameter.ParameterType.IsEnum));
        Assert.All(typeof(TurnInventory).GetProperties(), property => Assert.Equal(typeof(int), property.PropertyType));

        // And a hostile one does no harm on its way.
        var server = new TurnHarness();
        var hostile = TurnClient.WithTimeLimitedCredential(server, "%n%s\r\n<script>\0\u202E", TimeSpan.FromMinutes(5)).Allocated();
        Assert.DoesNotContain(StunAttributeType.Username, hostile.Refresh().AttributeTypes);
    }

    [Fact]
    public void Item_11_Quotas_survive_every_teardown_path()
    {
        // RandomSessionTests does this at length; here is each way once, in order.
        var server = new TurnHarness();
        Action<TurnClient>[] ways =
        [
            client => client.Refresh(0),
            _ => server.Advance(TimeSpan.FromHours(1)),
            client => server.Do((shard, sink) => shard.ClientGone(client.Tuple, ref sink)),
            client => server.Do((shard, sink) => shard.RelayLost(client.Allocation, AddressFamily.IPv4, server.Now, ref sink)),
            _ => server.Do((shard, sink) => shard.Revoke("alice", DateTimeOffset.MaxValue, server.Now, ref sink)),
            _ => server.Do((shard, sink) => shard.Close(ref sink)),
        ];
        foreach (var way in ways)
        {
            var client = new TurnClient(server).Allocated();
            client.ChannelBind(0x4000, "203.0.113.77:5000");
            Assert.Equal(1, server.Registry.TakeInventory().Allocations);
            way(client);
            Assert.Equal(default, server.Registry.TakeInventory());
            Assert.Equal(0, server.OpenRelays);
            Assert.Equal(Instant.Never, server.Shard.NextDeadline);
        }
    }

    [Fact]
    public void Item_12_TCP_relays_mobility_and_NAT_discovery_are_not_there()
    {
        var server = new TurnHarness();
        var client = new TurnClient(server).Allocated();
        Assert.Equal(StunErrorCode.UnsupportedTransportProtocol, new TurnClient(server, "203.0.113.9:1").Request(StunMethod.Allocate, static (ref StunWriter writer) => writer.AddRequestedTransport(6)).ErrorCode);
        foreach (var method in (ushort[])[0x00A, 0x00B, 0x00C])
        {
            Assert.Empty(client.Send(client.Build((StunMethod)method, authenticate: true, TurnClient.Peers("203.0.113.77:1"))));
        }

        // CHANGE-REQUEST and RESPONSE-PORT of RFC 5780.
        foreach (var type in (ushort[])[0x0003, 0x0027])
        {
            var sent = Assert.IsType<Output.Sent>(Assert.Single(client.Send(client.Build(StunMethod.Binding, authenticate: false, (ref StunWriter writer) => writer.Add((StunAttributeType)type, [0, 0, 0, 6])))));
            Assert.Equal(StunErrorCode.UnknownAttribute, new Reply(sent.Bytes).ErrorCode);
        }
    }

    [Theory]
    [InlineData("[2001::5]:1")]
    [InlineData("[2002:808:808::1]:1")]
    public void RFC_8656_section_21_4_Allocations_from_Teredo_and_6to4_are_forbidden(string address) =>
        Assert.Equal(StunErrorCode.Forbidden, new TurnClient(new TurnHarness(), address).Allocate().ErrorCode);
}
