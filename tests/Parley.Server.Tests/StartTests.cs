using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Parley.Testing;

namespace Parley.Server.Tests;

/// <summary>What a person meets who starts the program: a link, or one clear sentence.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task It_prints_the_link()
    {
        await using var server = await ServerProcess.StartAsync();
        var line = Assert.Single(server.Output, line => line.StartsWith("Parley is ready", StringComparison.Ordinal));
        Assert.Equal($"Parley is ready: open {server.Address.OriginalString.TrimEnd('/')} and send the link of your call to one other person.", line);
    }

    [Fact]
    public async Task It_prints_an_address_that_a_browser_can_open_when_it_listens_everywhere()
    {
        await using var server = await ServerProcess.StartAsync([], ["--urls", "http://0.0.0.0:0", "--Parley:Turn:Port=0"]);
        Assert.Equal("localhost", server.Address.Host);
    }

    [Fact]
    public async Task It_prints_the_public_address_where_there_is_one()
    {
        await using var server = await ServerProcess.StartAsync([], ["--urls", "http://127.0.0.1:0", "--Parley:Turn:Port=0", "--Parley:PublicUrl=https://call.example.org:8443/"]);
        Assert.Contains(server.Output, line => line.Contains("https://call.example.org:8443/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_ends_well_when_asked_to()
    {
        await using var server = await ServerProcess.StartAsync();
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task An_occupied_port_is_one_sentence_and_an_exit_code()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, error) = await RunToEndAsync("--urls", $"http://127.0.0.1:{port}", "--Parley:Turn:Port=0");
        Assert.NotEqual(0, exitCode);
        Assert.Equal(
            $"Failed to bind to address http://127.0.0.1:{port}: address already in use. Stop the program that uses it, or choose another port: dotnet run --project src/Parley.Server -- --urls http://localhost:8081",
            error.Trim());
    }

    [Fact]
    public async Task An_occupied_relay_port_is_one_sentence_and_an_exit_code()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;
        var (exitCode, error) = await RunToEndAsync("--urls", "http://127.0.0.1:0", $"--Parley:Turn:Port={port}");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Parley:Turn:Port", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_where_the_relay_serves()
    {
        await using var server = await ServerProcess.StartAsync();

        // The log's lines come by a queue of its own, so perhaps after the link.
        var deadline = Environment.TickCount64 + 10_000;
        while (!server.Output.Any(line => line.Contains("STUN and TURN on UDP", StringComparison.Ordinal)))
        {
            Assert.True(Environment.TickCount64 < deadline, string.Join('\n', server.Output));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task The_web_servers_own_port_answers_stun(string scheme)
    {
        using var certificate = new CertificateFiles();
        await using var server = await ServerProcess.StartAsync([], ["--urls", $"{scheme}://127.0.0.1:0", "--Parley:Turn:Port=0", .. certificate.Arguments]);
        Assert.Equal(scheme, server.Address.Scheme);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        Stream stream = tcp.GetStream();
        if (scheme == "https")
        {
            stream = await SecureAsync(stream);
        }

        byte[] binding = [0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        await stream.WriteAsync(binding, TestContext.Current.CancellationToken);
        var reply = new byte[20];
        await stream.ReadExactlyAsync(reply, TestContext.Current.CancellationToken);
        Assert.Equal([0x01, 0x01], reply[..2]);
        Assert.Equal(binding[4..], reply[4..]);
    }

    // Over HTTP/2 a browser would put every new WebSocket into the connection it has, which may be dead.
    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2", "--Kestrel:EndpointDefaults:Protocols=Http1AndHttp2")]
    public async Task A_WebSocket_has_a_connection_to_itself_unless_the_host_wants_HTTP2(string protocol, params string[] arguments)
    {
        using var certificate = new CertificateFiles();
        await using var server = await ServerProcess.StartAsync([], ["--urls", "https://127.0.0.1:0", "--Parley:Turn:Port=0", .. certificate.Arguments, .. arguments]);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        await using var tls = await SecureAsync(tcp.GetStream(), SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
        Assert.Equal(protocol, tls.NegotiatedApplicationProtocol.ToString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:0;https://127.0.0.1:0")]
    public async Task Addresses_that_are_served_are_nothing_to_warn_of(string urls)
    {
        using var certificate = new CertificateFiles();
        await using var server = await ServerProcess.StartAsync([], ["--urls", urls, "--Parley:Turn:Port=0", .. certificate.Arguments]);
        await server.StopAsync();
        Assert.Equal(urls.Split(';').Length, server.Output.Count(line => line.StartsWith("Parley is ready", StringComparison.Ordinal)));
        Assert.DoesNotContain(server.Output, line => line.StartsWith("warn: Microsoft.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Addresses_that_give_way_to_named_endpoints_are_warned_of(string scheme)
    {
        using var certificate = new CertificateFiles();
        await using var server = await ServerProcess.StartAsync(
            [],
            ["--urls", $"{scheme}://127.0.0.1:1", "--Kestrel:Endpoints:Page:Url=http://127.0.0.1:0", "--Parley:Turn:Port=0", .. certificate.Arguments]);
        await server.StopAsync();
        Assert.Contains(server.Output, line => line.Contains($"Overriding address(es) '{scheme}://127.0.0.1:1'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_in_the_configuration_is_said_with_its_key()
    {
        var (exitCode, error) = await RunToEndAsync("--urls", "http://127.0.0.1:0", "--Parley:Rooms:ResumeWindw=00:01:00");
        Assert.NotEqual(0, exitCode);
        Assert.StartsWith("Parley:Rooms:ResumeWindw is not a setting of Parley", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<SslStream> SecureAsync(Stream stream, params SslApplicationProtocol[] protocols)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null, ApplicationProtocols = [.. protocols] },
            TestContext.Current.CancellationToken);
        return tls;
    }

    private static async Task<(int ExitCode, string Error)> RunToEndAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Repository.ProgramOf("Parley.Server"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, await error);
    }

    /// <summary>A certificate for localhost that nobody trusts, in files, for as long as a test needs it.</summary>
    private sealed class CertificateFiles : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-certificate-");

        public CertificateFiles()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(PathOf("cert.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        public string[] Arguments => [$"--Kestrel:Certificates:Default:Path={PathOf("cert.pem")}", $"--Kestrel:Certificates:Default:KeyPath={PathOf("key.pem")}"];

        public void Dispose() => _folder.Delete(recursive: true);

        private string PathOf(string file) => Path.Combine(_folder.FullName, file);
    }
}
