using System.Net.Sockets;
using Parley.Testing;

namespace Parley.Lab.Tests.Calls;

/// <summary>The server program on the lab's public address, with a certificate, and a Chromium in each home that trusts it.</summary>
public class CallStage(SharedLab shared) : IAsyncLifetime
{
    private readonly TestAuthority _authority = new(NetworkLab.ServerName);
    private readonly string _homes = Directory.CreateTempSubdirectory("parley-lab-").FullName;

    /// <summary>The server under test: page, signaling and relay on port 443, and the relay's own port.</summary>
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The browser in the left home.</summary>
    public Chromium Left { get; private set; } = null!;

    /// <summary>The browser in the right home.</summary>
    public Chromium Right { get; private set; } = null!;

    /// <summary>Command line switches of both Chromiums besides those that the lab itself needs.</summary>
    protected virtual IReadOnlyList<string> FurtherSwitches => [];

    /// <summary>Starts the server again, on the same address.</summary>
    public async Task StartServerAsync() => Server = await ServerProcess.StartAsync(
        shared.Lab.Server.Launcher,
        [
            $"--Kestrel:Endpoints:Web:Url=https://{NetworkLab.ServerAddress}:443",
            $"--Kestrel:Endpoints:Web:Certificate:Path={_authority.CertificateFile}",
            $"--Kestrel:Endpoints:Web:Certificate:KeyPath={_authority.KeyFile}",
            $"--Parley:PublicUrl=https://{NetworkLab.ServerName}",
            // The same after a restart, so that seats survive it.
            "--Parley:Rooms:TicketKey=the same key each time it starts",
            $"--Parley:Turn:Listen:0={NetworkLab.ServerAddress}",
            // The homes' addresses are of documentation and private ranges.
            "--Parley:Turn:AllowPrivatePeers=true",
        ]);

    /// <summary>How a Firefox in one of the homes is started.</summary>
    public FirefoxOptions FirefoxIn(Home home, string? probeOptions = null) => new()
    {
        Launcher = home.Host.Launcher,
        OpenSocket = () => home.Host.Call(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)),
        PrepareProfile = _authority.TrustInProfileAsync,
        ProbeOptions = probeOptions,
    };

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (shared.Obstacle is null)
        {
            await StartServerAsync();
            Left = await LaunchAsync(shared.Lab.Left, "left");
            Right = await LaunchAsync(shared.Lab.Right, "right");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var part in (IAsyncDisposable?[])[Left, Right, Server])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _authority.Dispose();
        Directory.Delete(_homes, recursive: true);
    }

    private async Task<Chromium> LaunchAsync(Home home, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_homes, name)).FullName;
        await _authority.TrustInHomeAsync(folder);
        var launcher = Path.Combine(folder, "chromium");
        await File.WriteAllTextAsync(launcher, $"#!/bin/sh\nHOME={folder} exec {string.Join(' ', home.Host.Launcher)} /usr/bin/chromium \"$@\"\n");
        File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        return await Chromium.LaunchAsync(new ChromiumOptions
        {
            Executable = launcher,
            Switches =
            [
                // Names of mDNS do not cross a router; a person who granted the camera shows plain addresses anyway.
                "--disable-features=WebRtcHideLocalIpsWithMdns",
                // For its relay Chromium asks for the name with a dot at the end, which a hosts file does not answer.
                $"--host-resolver-rules=MAP {NetworkLab.ServerName}* {NetworkLab.ServerAddress}",
                .. FurtherSwitches,
            ],
        });
    }
}
