using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Parley.Stun;
using Parley.Turn.Hosting.Tests.Client;

namespace Parley.Turn.Hosting.Tests;

/// <summary>Endpoints from the configuration, and certificate files that are renewed under a running server.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("parley-certificates-").FullName;

    private string CertificatePath => Path.Combine(_folder, "fullchain.pem");

    private string KeyPath => Path.Combine(_folder, "privkey.pem");

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_new_connections_and_open_ones_live_on()
    {
        var first = Write("first.example");
        await using var host = await StartAsync();
        await using var open = await ConnectAsync(host);
        Assert.Equal(first, Shown(open));
        await using var call = TestClient.Over(open);
        await call.AllocateAsync();

        var second = Write("second.example");
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => Messages(host, LogLevel.Information).Any(message => message.Contains("has changed", StringComparison.Ordinal)), () => "The change went unseen.");

        await using var later = await ConnectAsync(host);
        Assert.Equal(second, Shown(later));
        Assert.Equal(StunErrorCode.None, await call.RefreshAsync(600));
    }

    [Fact]
    public async Task A_broken_certificate_is_reported_once_and_the_former_stays()
    {
        var first = Write("first.example");
        await using var host = await StartAsync();
        await File.WriteAllTextAsync(CertificatePath, "half a certif", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(CertificatePath, DateTime.UtcNow.AddMinutes(1));
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await Eventually.TrueAsync(() => Messages(host, LogLevel.Warning).Any(message => message.Contains("cannot be read", StringComparison.Ordinal)), () => "Nothing was said.");
        Assert.Single(Messages(host, LogLevel.Warning));
        await using var connection = await ConnectAsync(host);
        Assert.Equal(first, Shown(connection));
    }

    [Fact]
    public async Task Clients_that_offer_the_names_of_turn_only_are_let_in()
    {
        Write("first.example");
        await using var host = await StartAsync();
        var transport = await MessageTransport.TlsAsync(new IPEndPoint(IPAddress.Loopback, host.HttpsPort), "stun.turn");
        Assert.Equal("stun.turn", ((SslStream)transport.Stream).NegotiatedApplicationProtocol.ToString());
        await using var client = TestClient.Over(transport);
        await client.AllocateAsync();

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal("hello", await http.GetStringAsync($"https://127.0.0.1:{host.HttpsPort}/"));
    }

    [Fact]
    public async Task Plain_endpoints_of_the_configuration_serve_turn_too()
    {
        Write("first.example");
        await using var host = await StartAsync();
        await using var client = TestClient.Over(await MessageTransport.TcpAsync(new IPEndPoint(IPAddress.Loopback, host.HttpPort)));
        await client.AllocateAsync();
        Assert.Contains(Messages(host, LogLevel.Information), message =>
            message.Contains($"127.0.0.1:{host.HttpPort} (with the web server)", StringComparison.Ordinal) && message.Contains($"127.0.0.1:{host.HttpsPort} (with the web server)", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<string> Messages(TurnHost host, LogLevel level) => host.Logs.OfRelay.Where(entry => entry.Level == level).Select(entry => entry.Message);

    private static Task<StreamTransport> ConnectAsync(TurnHost host) => MessageTransport.TlsAsync(new IPEndPoint(IPAddress.Loopback, host.HttpsPort));

    private static string Shown(StreamTransport transport) =>
        ((SslStream)transport.Stream).RemoteCertificate is X509Certificate2 certificate ? certificate.Thumbprint : throw new InvalidOperationException("No certificate was shown.");

    private Task<TurnHost> StartAsync() => TurnHost.StartConfiguredAsync(
        _time,
        ("Endpoints:Http:Url", "http://127.0.0.1:0"),
        ("Endpoints:Https:Url", "https://127.0.0.1:0"),
        ("Endpoints:Https:Certificate:Path", CertificatePath),
        ("Endpoints:Https:Certificate:KeyPath", KeyPath));

    /// <summary>Replaces the files, as a renewal does, and returns the new thumbprint.</summary>
    private string Write(string name)
    {
        using var certificate = TestCertificate.Create(name);
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        return certificate.Thumbprint;
    }
}
