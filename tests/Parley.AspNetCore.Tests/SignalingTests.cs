using System.Text.Json;

namespace Parley.AspNetCore.Tests;

/// <summary>The contract of <c>docs/protocol/signaling.md</c>, over real connections.</summary>
public sealed class SignalingTests : IAsyncLifetime
{
    private ParleyHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ParleyHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Two_join_and_learn_of_each_other()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();

        var first = await a.JoinAsync("tea", """{"name":" Anna "}""");
        Assert.True(first.GetProperty("ok").GetBoolean());
        Assert.Equal("impolite", first.GetProperty("self").GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("peer").ValueKind);

        var second = await b.JoinAsync("tea");
        Assert.Equal("polite", second.GetProperty("self").GetProperty("role").GetString());
        Assert.Equal("Anna", second.GetProperty("peer").GetProperty("name").GetString());
        Assert.Equal($$"""["peer-joined","tea",{"id":"{{Id(second)}}","name":null,"away":false,"stage":"call"}]""", await a.NextAsync());
    }

    [Fact]
    public async Task The_third_is_told_that_the_room_is_full_and_the_two_hear_nothing()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await using var c = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        await b.JoinAsync("tea");
        await a.NextAsync();

        var refusal = await c.JoinAsync("tea");
        Assert.False(refusal.GetProperty("ok").GetBoolean());
        Assert.Equal("ROOM_FULL", refusal.GetProperty("code").GetString());
        await a.ExpectNothingAsync();
        await b.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_first_join_that_is_made_again_on_another_connection_takes_no_second_seat()
    {
        const string Options = """{"secret":"0123456789abcdef","lastSeq":0}""";
        await using var a = await _host.ConnectAsync();
        await using var again = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        var first = await a.JoinAsync("tea", Options);

        var second = await again.JoinAsync("tea", Options);

        Assert.Equal(Id(first), Id(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("peer").ValueKind);
        Assert.Equal("""["replaced","tea"]""", await a.NextAsync());
        Assert.Equal(Id(first), (await b.JoinAsync("tea", """{"secret":"another 0123456789"}""")).GetProperty("peer").GetProperty("id").GetString());
        Assert.Equal("BAD_REQUEST", (await b.JoinAsync("tea", """{"secret":"too short"}""")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_textbook_client_needs_no_acks_and_no_options()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await using var c = await _host.ConnectAsync();
        await a.EmitAsync("""["join","tea"]""");
        await a.EmitAsync("""["message","tea","hello"]""");
        await a.ExpectNothingAsync();

        await b.EmitAsync("""["join","tea"]""");
        Assert.StartsWith("""["message","tea","hello",{"from":""", await b.NextAsync(), StringComparison.Ordinal);
        await b.EmitAsync("""["message","tea",{"type":"offer","sdp":"v=0\r\n"}]""");
        Assert.StartsWith("""["peer-joined","tea",""", await a.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("""["message","tea",{"type":"offer","sdp":"v=0\r\n"},""", await a.NextAsync(), StringComparison.Ordinal);

        await c.EmitAsync("""["join","tea"]""");
        Assert.StartsWith("""["room-error","tea",{"code":"ROOM_FULL",""", await c.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"z":1,"a":1.0e2,"n":-0,"u":"\u00e9é\ud83d\ude00","o":{}}""")]
    [InlineData("null")]
    [InlineData("[1,[2,{\"b\":[]}]]")]
    [InlineData("\"\\\"quoted\\\"\"")]
    public async Task Data_arrives_byte_for_byte(string data)
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        await b.JoinAsync("tea");
        await a.NextAsync();

        var ack = await b.AskAsync($"""["message","tea",{data}]""");
        Assert.True(ack.GetProperty("delivered").GetBoolean());
        Assert.StartsWith($$"""["message","tea",{{data}},{"from":""", await a.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_is_heard_at_once()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        var second = await b.JoinAsync("tea");
        await a.NextAsync();

        Assert.True((await b.AskAsync("""["leave","tea"]""")).GetProperty("ok").GetBoolean());
        Assert.Equal($$"""["peer-left","tea",{"id":"{{Id(second)}}","reason":"left"}]""", await a.NextAsync());
    }

    [Fact]
    public async Task A_lost_connection_makes_the_peer_away_and_the_token_brings_it_back()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        var before = await b.JoinAsync("tea");
        await a.NextAsync();

        await b.CutAsync();
        Assert.Equal($$"""["peer-away","tea",{"id":"{{Id(before)}}"}]""", await a.NextAsync());
        Assert.False((await a.AskAsync("""["message","tea",1]""")).GetProperty("delivered").GetBoolean());

        await using var again = await _host.ConnectAsync();
        var after = await again.JoinAsync("tea", $$"""{"resume":"{{before.GetProperty("resume").GetString()}}","lastSeq":0}""");
        Assert.Equal(Id(before), Id(after));
        Assert.Equal(1, after.GetProperty("pending")[0].GetProperty("data").GetInt32());
        Assert.Equal($$"""["peer-back","tea",{"id":"{{Id(before)}}"}]""", await a.NextAsync());
    }

    [Fact]
    public async Task Over_a_hundred_resumes_in_mid_stream_every_message_arrives_once_and_in_order()
    {
        const int Resumes = 100, MessagesBetween = 5;
        await using var a = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        var b = await _host.ConnectAsync();
        var resume = (await b.JoinAsync("tea")).GetProperty("resume").GetString();
        await a.NextAsync();
        List<int> received = [];
        for (var (cut, sent) = (0, 0); cut <= Resumes; cut++)
        {
            // No more than somebody may send in this time.
            _host.Clock.Advance(TimeSpan.FromMilliseconds(200));
            for (var i = 0; i < MessagesBetween; i++)
            {
                await a.EmitAsync($$"""["message","tea",{{++sent}}]""");
            }

            // As many of the five as have come by then: the connection ends while the rest is under way.
            for (var i = cut % MessagesBetween; i > 0; i--)
            {
                received.Add(NumberIn(await b.NextAsync()));
            }

            // The server may know of the cut, or learn of it by the newer connection.
            if (cut % 2 == 0)
            {
                await b.CutAsync();
            }

            var former = b;
            b = await _host.ConnectAsync();
            var joined = await b.JoinAsync("tea", $$"""{"resume":"{{resume}}","lastSeq":{{received.Count}}}""");
            resume = joined.GetProperty("resume").GetString();
            received.AddRange(joined.GetProperty("pending").EnumerateArray().Select(message => message.GetProperty("data").GetInt32()));
            await former.DisposeAsync();
        }

        while (received.Count < (Resumes + 1) * MessagesBetween)
        {
            received.Add(NumberIn(await b.NextAsync()));
        }

        await b.ExpectNothingAsync();
        await b.DisposeAsync();
        Assert.Equal(Enumerable.Range(1, (Resumes + 1) * MessagesBetween), received);

        static int NumberIn(string message)
        {
            using var parsed = JsonDocument.Parse(message);
            return parsed.RootElement[2].GetInt32();
        }
    }

    [Fact]
    public async Task A_seat_lapses_after_the_resume_window()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        var second = await b.JoinAsync("tea");
        await a.NextAsync();
        await b.CutAsync();
        await a.NextAsync();

        _host.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal($$"""["peer-left","tea",{"id":"{{Id(second)}}","reason":"lost"}]""", await a.NextAsync());
    }

    [Fact]
    public async Task A_newer_connection_replaces_the_older_one()
    {
        await using var a = await _host.ConnectAsync();
        await using var again = await _host.ConnectAsync();
        var before = await a.JoinAsync("tea");
        var after = await again.JoinAsync("tea", $$"""{"resume":"{{before.GetProperty("resume").GetString()}}"}""");
        Assert.Equal(Id(before), Id(after));
        Assert.Equal("""["replaced","tea"]""", await a.NextAsync());
        Assert.Equal("NOT_IN_ROOM", (await a.AskAsync("""["message","tea",1]""")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Two_in_the_lobby_find_each_other_and_what_waited_comes_with_the_answer()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        var first = await a.JoinAsync("tea", """{"stage":"lobby"}""");
        await a.AskAsync("""["message","tea",{"type":"offer"}]""");
        var second = await b.JoinAsync("tea", """{"stage":"lobby"}""");

        Assert.Equal("lobby", second.GetProperty("peer").GetProperty("stage").GetString());
        Assert.Equal($$"""[{"data":{"type":"offer"},"from":"{{Id(first)}}","seq":1}]""", second.GetProperty("pending").GetRawText());
        Assert.NotEqual(0, second.GetProperty("iceServers").GetArrayLength());
        Assert.Equal($$"""["peer-joined","tea",{"id":"{{Id(second)}}","name":null,"away":false,"stage":"lobby"}]""", await a.NextAsync());

        var firm = await b.JoinAsync("tea", """{"name":"Ben"}""");
        Assert.Equal((Id(second), "[]"), (Id(firm), firm.GetProperty("pending").GetRawText()));
        Assert.Equal($$"""["peer-joined","tea",{"id":"{{Id(second)}}","name":"Ben","away":false,"stage":"call"}]""", await a.NextAsync());
    }

    [Fact]
    public async Task Who_is_lost_in_the_lobby_is_gone_at_once()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await a.JoinAsync("tea", """{"stage":"lobby"}""");
        var second = await b.JoinAsync("tea", """{"stage":"lobby"}""");
        await a.NextAsync();
        await b.CutAsync();
        Assert.Equal($$"""["peer-left","tea",{"id":"{{Id(second)}}","reason":"lost"}]""", await a.NextAsync());
    }

    [Fact]
    public async Task Nobody_hears_of_a_third_one_who_opens_the_lobby_of_a_full_room()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await using var c = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        await b.JoinAsync("tea", """{"stage":"lobby"}""");
        await a.NextAsync();
        Assert.Equal("ROOM_FULL", (await c.JoinAsync("tea", """{"stage":"lobby"}""")).GetProperty("code").GetString());
        await a.ExpectNothingAsync();
        await b.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_textbook_client_and_one_in_the_lobby_hear_each_other_by_the_two_events()
    {
        await using var textbook = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await textbook.EmitAsync("""["join","tea"]""");
        await textbook.EmitAsync("""["message","tea","got user media"]""");
        await textbook.ExpectAliveAsync();
        var joined = await b.JoinAsync("tea", """{"stage":"lobby"}""");
        Assert.Equal("got user media", joined.GetProperty("pending")[0].GetProperty("data").GetString());
        Assert.StartsWith("""["peer-joined",""", await textbook.NextAsync(), StringComparison.Ordinal);
        await b.AskAsync("""["message","tea",{"type":"parley"}]""");
        Assert.StartsWith("""["message","tea",{"type":"parley"},""", await textbook.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seat_in_the_lobby_yields_to_a_firm_join()
    {
        await using var a = await _host.ConnectAsync();
        await using var b = await _host.ConnectAsync();
        await using var c = await _host.ConnectAsync();
        await a.JoinAsync("tea");
        await b.JoinAsync("tea", """{"stage":"lobby"}""");
        Assert.Contains("\"stage\":\"lobby\"", await a.NextAsync(), StringComparison.Ordinal);
        Assert.True((await c.JoinAsync("tea")).GetProperty("ok").GetBoolean());
        Assert.Equal("""["displaced","tea"]""", await b.NextAsync());
    }

    [Theory]
    [InlineData("""["join"]""")]
    [InlineData("""["join",null]""")]
    [InlineData("""["join",7]""")]
    [InlineData("""["join",""]""")]
    [InlineData("""["join","a b"]""")]
    [InlineData("""["join","\ud800"]""")]
    [InlineData("""["join","tea",7]""")]
    [InlineData("""["join","tea",{"name":7}]""")]
    [InlineData("""["join","tea",{"lastSeq":"x"}]""")]
    [InlineData("""["message"]""")]
    [InlineData("""["message","tea"]""")]
    [InlineData("""["leave"]""")]
    public async Task Requests_of_another_form_are_refused_and_the_connection_lives(string request)
    {
        await using var a = await _host.ConnectAsync();
        Assert.Equal("BAD_REQUEST", (await a.AskAsync(request)).GetProperty("code").GetString());
        Assert.True((await a.JoinAsync("tea")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        await using var a = await _host.ConnectAsync();
        Assert.Equal("BAD_REQUEST", (await a.JoinAsync("tea", $$"""{"name":"{{new string('n', 65)}}"}""")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_forged_token_is_a_join_like_any_other()
    {
        await using var a = await _host.ConnectAsync();
        Assert.True((await a.JoinAsync("tea", """{"resume":"forged"}""")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Joins_and_messages_beyond_the_rate_are_refused_with_a_time_to_wait()
    {
        await using var a = await _host.ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await a.JoinAsync("tea")).GetProperty("ok").GetBoolean());
        }

        var refusal = await a.JoinAsync("tea");
        Assert.Equal("RATE_LIMITED", refusal.GetProperty("code").GetString());
        Assert.Equal(6_000, refusal.GetProperty("retryAfterMs").GetInt64());

        _host.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True((await a.JoinAsync("tea")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_connection_is_in_eight_rooms_at_most()
    {
        await using var a = await _host.ConnectAsync();
        for (var i = 0; i < 8; i++)
        {
            Assert.True((await a.JoinAsync($"room{i}")).GetProperty("ok").GetBoolean());
        }

        Assert.Equal("RATE_LIMITED", (await a.JoinAsync("room9")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Seats_survive_a_restart_of_a_server_with_a_fixed_key()
    {
        (string, string) key = ("Parley:Rooms:TicketKey", "a key that stays the same");
        JsonElement a, b;
        await using (var before = await ParleyHost.StartAsync(key))
        {
            await using var first = await before.ConnectAsync();
            await using var second = await before.ConnectAsync();
            a = await first.JoinAsync("tea");
            b = await second.JoinAsync("tea");
        }

        await using var after = await ParleyHost.StartAsync(key);
        await using var secondAgain = await after.ConnectAsync();
        await using var firstAgain = await after.ConnectAsync();
        var b2 = await secondAgain.JoinAsync("tea", $$"""{"resume":"{{b.GetProperty("resume").GetString()}}"}""");
        var a2 = await firstAgain.JoinAsync("tea", $$"""{"resume":"{{a.GetProperty("resume").GetString()}}"}""");
        Assert.Equal((Id(b), "polite"), (Id(b2), b2.GetProperty("self").GetProperty("role").GetString()));
        Assert.Equal((Id(a), "impolite"), (Id(a2), a2.GetProperty("self").GetProperty("role").GetString()));
    }

    private static string? Id(JsonElement joined) => joined.GetProperty("self").GetProperty("id").GetString();
}
