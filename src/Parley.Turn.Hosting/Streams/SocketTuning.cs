using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Parley.Turn.Hosting.Streams;

/// <summary>Keeps the kernel from queueing seconds of media for a slow client.</summary>
internal static class SocketTuning
{
    /// <summary>Most bytes between our queue and the socket.</summary>
    public const int TransportBytes = 16 * 1024;

    private const int LevelTcp = 6;
    private const int NotSentLowWaterLinux = 25;
    private const int NotSentLowWaterMac = 0x201;
    private const int UnsentBytes = 16 * 1024;

    /// <summary>
    /// Lets the socket hold little that it has not sent yet (TCP_NOTSENT_LOWAT), so that what cannot leave waits in our queue, where
    /// it can still be dropped. What is sent and not acknowledged is not touched, so throughput does not suffer.
    /// </summary>
    public static void KeepLittleUnsent(ConnectionContext connection)
    {
        var option = OperatingSystem.IsLinux() ? NotSentLowWaterLinux : OperatingSystem.IsMacOS() ? NotSentLowWaterMac : 0;
        if (option == 0 || connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return;
        }

        try
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(value, UnsentBytes);
            socket.SetRawSocketOption(LevelTcp, option, value);
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
        {
            // Closed already, or a system without it: media may then be late for slow clients.
        }
    }
}
