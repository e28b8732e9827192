using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Parley.Testing;

/// <summary>
/// A certificate authority that lives as long as a test, with a certificate for one host name. Browsers trust it if their own certificate
/// store (a folder of the test's) is told to; the machine's stores stay as they are.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parley-authority-").FullName;

    /// <summary>Makes an authority and a certificate for a host.</summary>
    public TestAuthority(string host)
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Parley test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var root = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.Create(root, now.AddDays(-1), now.AddDays(30), RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(AuthorityFile, root.ExportCertificatePem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The server's certificate, PEM.</summary>
    public string CertificateFile => Path.Combine(_folder, "server.pem");

    /// <summary>The server's private key, PEM.</summary>
    public string KeyFile => Path.Combine(_folder, "server.key");

    /// <summary>The authority's certificate, PEM.</summary>
    public string AuthorityFile => Path.Combine(_folder, "authority.pem");

    /// <summary>Makes a Chromium trust the authority that is started with this folder as its home.</summary>
    public Task TrustInHomeAsync(string home) => TrustAsync(Directory.CreateDirectory(Path.Combine(home, ".pki", "nssdb")).FullName);

    /// <summary>Makes a Firefox trust the authority that is started with this profile.</summary>
    public Task TrustInProfileAsync(string profile) => TrustAsync(profile);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task TrustAsync(string store)
    {
        await CertUtilAsync("-N", "-d", $"sql:{store}", "--empty-password");
        await CertUtilAsync("-A", "-d", $"sql:{store}", "-n", "parley", "-t", "C,,", "-i", AuthorityFile);
    }

    private static async Task CertUtilAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("certutil", arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"certutil {string.Join(' ', arguments)}: {errors.Trim()}");
        }
    }
}
