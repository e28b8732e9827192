using System.Net.Sockets;

namespace Parley.Testing;

/// <summary>How a Firefox is to be started.</summary>
public sealed record FirefoxOptions
{
    /// <summary>What stands before its command line, such as <c>ip netns exec NAME</c>.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Makes a TCP socket that can reach the browser's own 127.0.0.1: in its network namespace, where it lives in one.</summary>
    public Func<Socket> OpenSocket { get; init; } = () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Called with the folder of the new profile before the browser starts: to make it trust a certificate authority, for one.</summary>
    public Func<string, Task> PrepareProfile { get; init; } = _ => Task.CompletedTask;

    /// <summary>JSON for the media probe: <c>{"relayOver":"udp"}</c> allows only relayed candidates by that transport.</summary>
    public string? ProbeOptions { get; init; }
}
