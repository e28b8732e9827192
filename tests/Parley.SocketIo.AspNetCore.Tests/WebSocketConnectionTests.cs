using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Parley.SocketIo.AspNetCore.Tests.Support;

namespace Parley.SocketIo.AspNetCore.Tests;

/// <summary>WebSockets over everything that they can come by.</summary>
public sealed class WebSocketConnectionTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task WebSockets_come_by_HTTP_1_and_2_with_and_without_TLS(bool tls, int version)
    {
        using var certificate = MakeCertificate();
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add, builder: web => web.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (tls)
            {
                listen.UseHttps(certificate);
                listen.Protocols = HttpProtocols.Http1AndHttp2;
            }
        })));
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString() } });
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(version, version == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"{(tls ? "wss" : "ws")}://{server.Url.Authority}/socket.io/?EIO=4&transport=websocket"), http, TestContext.Current.CancellationToken);

        var text = new string('x', 200_000);
        Assert.StartsWith("0{", await ReceiveAsync(socket), StringComparison.Ordinal);
        await SendAsync(socket, "40");
        Assert.StartsWith("40", await ReceiveAsync(socket), StringComparison.Ordinal);
        Assert.StartsWith("42[\"welcome\"", await ReceiveAsync(socket), StringComparison.Ordinal);
        await SendAsync(socket, $"42[\"echo\",\"{text}\"]");
        Assert.Equal($"42[\"echo\",\"{text}\"]", await ReceiveAsync(socket));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await Eventually.HoldsAsync(() => server.Io.ConnectionCount == 0, "The end of the connection");
    }

    [Fact]
    public async Task A_ping_of_the_clients_WebSocket_is_answered_with_its_bytes()
    {
        await using var server = await TestServer.StartAsync(AllRoundHandlers.Add);
        using var raw = await RawHttp.ConnectAsync(server.Url);
        await raw.SendAsync(RawHttp.Upgrade(server.Url, "/socket.io/?EIO=4&transport=websocket"));
        await raw.ReadUntilAsync("0{");
        await raw.SendAsync([0x89, 0x83, 0, 0, 0, 0, .. "abc"u8]);
        Assert.EndsWith("\u008a\u0003abc", await raw.ReadUntilAsync("abc"), StringComparison.Ordinal);
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        return Encoding.UTF8.GetString(message.ToArray());
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
