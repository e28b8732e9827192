using System.Text.Json;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests.Conformance;

/// <summary>The cases of the Socket.IO part of the official Socket.IO suite, version 5.</summary>
public sealed class SocketIoConformanceTests(ConformanceFixture host) : IClassFixture<ConformanceFixture>
{
    [Theory]
    [InlineData("40", "40", "42[\"auth\",{}]")]
    [InlineData("40{\"token\":\"123\"}", "40", "42[\"auth\",{\"token\":\"123\"}]")]
    [InlineData("40/custom,", "40/custom,", "42/custom,[\"auth\",{}]")]
    [InlineData("40/custom,{\"token\":\"abc\"}", "40/custom,", "42/custom,[\"auth\",{\"token\":\"abc\"}]")]
    public async Task Connect_joins_a_namespace_with_and_without_a_payload(string connect, string prefix, string auth)
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient);
        await socket.SendAsync(connect);
        var answer = await socket.ReceiveMessageAsync();
        Assert.StartsWith(prefix, answer, StringComparison.Ordinal);
        var handshake = JsonDocument.Parse(answer[prefix.Length..]).RootElement;
        Assert.Equal(["sid"], handshake.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.String, handshake.GetProperty("sid").ValueKind);
        Assert.Equal(auth, await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Connect_to_an_unknown_namespace_is_refused()
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient);
        await socket.SendAsync("40/random");
        Assert.Equal("44/random,{\"message\":\"Invalid namespace\"}", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Connect_in_a_wrong_format_closes_the_connection()
    {
        await using var socket = await WireSocket.OpenAsync(host.Patient);
        await socket.SendAsync("4abc");
        Assert.Equal("closed", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Connect_that_does_not_come_closes_the_connection()
    {
        await using var socket = await WireSocket.OpenAsync(host.Punctual);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Disconnect_from_the_default_namespace_is_answered_by_nothing()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("41");
        Assert.Equal("2", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task Disconnect_from_a_namespace_leaves_the_others()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("40/custom");
        Assert.StartsWith("40/custom,", await socket.ReceiveMessageAsync(), StringComparison.Ordinal);
        Assert.Equal("42/custom,[\"auth\",{}]", await socket.ReceiveMessageAsync());
        await socket.SendAsync("41/custom");
        await socket.SendAsync("42[\"message\",\"message to main namespace\"]");
        Assert.Equal("42[\"message-back\",\"message to main namespace\"]", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Message_in_plain_text()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("42[\"message\",1,\"2\",{\"3\":[true]}]");
        Assert.Equal("42[\"message-back\",1,\"2\",{\"3\":[true]}]", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Message_with_attachments()
    {
        await using var socket = await JoinAsync();
        await SendBinaryAsync(socket, "452-[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        Assert.Equal("452-[\"message-back\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]", await socket.ReceiveMessageAsync());
        Assert.Equal("<010203>", await socket.ReceiveMessageAsync());
        Assert.Equal("<040506>", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Message_in_plain_text_with_an_ack()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]");
        Assert.Equal("43456[1,\"2\",{\"3\":[false]}]", await socket.ReceiveMessageAsync());
    }

    [Fact]
    public async Task Message_with_attachments_and_an_ack()
    {
        await using var socket = await JoinAsync();
        await SendBinaryAsync(socket, "452-789[\"message-with-ack\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        Assert.Equal("462-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]", await socket.ReceiveMessageAsync());
        Assert.Equal("<010203>", await socket.ReceiveMessageAsync());
        Assert.Equal("<040506>", await socket.ReceiveMessageAsync());
    }

    [Theory]
    [InlineData("4abc")]
    [InlineData("42{}")]
    [InlineData("42abc[\"message-with-ack\",1,\"2\",{\"3\":[false]}]")]
    public async Task Message_in_a_wrong_format_closes_the_connection(string message)
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync(message);
        Assert.Equal("closed", await socket.ReceiveMessageAsync());
    }

    private async Task<WireSocket> JoinAsync()
    {
        var socket = await WireSocket.JoinAsync(host.Patient);
        Assert.Equal("42[\"auth\",{}]", await socket.ReceiveMessageAsync());
        return socket;
    }

    private static async Task SendBinaryAsync(WireSocket socket, string text)
    {
        await socket.SendAsync(text);
        await socket.SendAsync([1, 2, 3]);
        await socket.SendAsync([4, 5, 6]);
    }
}
