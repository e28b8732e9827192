using System.Net;
using Microsoft.Extensions.Logging;

namespace Parley.Turn.Hosting;

public sealed partial class TurnServer
{
    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "STUN and TURN on UDP {UdpEndPoints}; on TCP {TcpEndPoints}; relays on {Relays}, ports {PortMin} to {PortMax}; {Engine}.", EventName = "Serving")]
        public static partial void Serving(ILogger logger, string udpEndPoints, string tcpEndPoints, string relays, int portMin, int portMax, string engine);

        [LoggerMessage(11, LogLevel.Warning, "Nobody reaches TURN over plain TCP on {EndPoint}: {Reason} Clients on UDP, and on the web server's ports, are served. Set Parley:Turn:Port to a free port.", EventName = "NoStreamListener")]
        public static partial void NoStreamListener(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(13, LogLevel.Error, "A connection ended by an error of the relay's own. Please report this.", EventName = "ConnectionFault")]
        public static partial void ConnectionFault(ILogger logger, Exception exception);

        [LoggerMessage(12, LogLevel.Information, "The relay address {Address} is private, so relayed calls work within this network. For calls from the Internet, forward the ports and set Parley:Turn:PublicAddress to the address in front of this network.", EventName = "PrivateRelayAddress")]
        public static partial void PrivateRelayAddress(ILogger logger, string address);
    }
}
