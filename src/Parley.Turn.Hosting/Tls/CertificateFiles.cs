using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting.Tls;

/// <summary>
/// A server certificate, with its chain, that follows its files: when they change, new connections get the new one, and those
/// that are open stay as they are. Files that cannot be read are reported once and the former certificate serves on.
/// </summary>
internal sealed partial class CertificateFiles : IDisposable
{
    /// <summary>How often to look. Watching for events misses what container platforms do with links.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly string? _keyPath;
    private readonly string? _password;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private DateTime _version;
    private bool _hasFailed;

    /// <summary>Reads the files.</summary>
    /// <param name="path">A PEM file (certificate, then its chain) or a PKCS #12 file.</param>
    /// <param name="keyPath">The PEM file of the private key; null if it is in <paramref name="path"/>.</param>
    /// <param name="password">The key's password, if it has one.</param>
    /// <param name="time">Decides when to look again.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    public CertificateFiles(string path, string? keyPath, string? password, TimeProvider time, ILogger logger)
    {
        (_path, _keyPath, _password, _logger) = (path, keyPath, password, logger);
        _version = Version();
        Context = Load();
        _timer = time.CreateTimer(_ => Reload(), null, Interval, Interval);
    }

    /// <summary>What new connections get.</summary>
    public SslStreamCertificateContext Context { get; private set; }

    public void Dispose() => _timer.Dispose();

    private void Reload()
    {
        try
        {
            var version = Version();
            if (version != _version)
            {
                Context = Load();
                _version = version;
                _hasFailed = false;
                Log.Replaced(_logger, _path, Context.TargetCertificate.NotAfter);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Perhaps half written; it is tried again.
            if (!_hasFailed)
            {
                _hasFailed = true;
                Log.Unreadable(_logger, _path, ex.Message);
            }
        }
    }

    private SslStreamCertificateContext Load()
    {
        var chain = new X509Certificate2Collection();
        if (_keyPath is null && Path.GetExtension(_path) is ".pfx" or ".p12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(_path, _password);
            var certificate = chain.First(candidate => candidate.HasPrivateKey);
            chain.Remove(certificate);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }

        chain.ImportFromPemFile(_path);
        using var pem = string.IsNullOrEmpty(_password)
            ? X509Certificate2.CreateFromPemFile(_path, _keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(_path, _password, _keyPath);
        chain.RemoveAt(0);

        // Windows cannot use a key that was never stored; through PKCS #12 every system can.
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null), chain, offline: true);
    }

    private DateTime Version()
    {
        var version = Changed(_path);
        return _keyPath is null ? version : new DateTime(Math.Max(version.Ticks, Changed(_keyPath).Ticks), DateTimeKind.Utc);
    }

    /// <summary>When the file last changed, or the file that a link leads to: those are replaced by turning the link.</summary>
    private static DateTime Changed(string path)
    {
        var file = new FileInfo(path);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return target.Exists ? target.LastWriteTimeUtc : throw new FileNotFoundException($"The certificate file {path} does not exist.", path);
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Information, "The certificate in {Path} has changed; new connections get the one that is good until {NotAfter:u}.", EventName = "CertificateReplaced")]
        public static partial void Replaced(ILogger logger, string path, DateTime notAfter);

        [LoggerMessage(31, LogLevel.Warning, "The certificate in {Path} has changed and cannot be read: {Reason} The former one stays in use.", EventName = "CertificateUnreadable")]
        public static partial void Unreadable(ILogger logger, string path, string reason);
    }
}
