namespace Parley.Turn;

/// <summary>What carries messages between client and server. Between server and peer it is always UDP.</summary>
public enum TransportProtocol : byte
{
    /// <summary>UDP: one message a datagram.</summary>
    Udp,

    /// <summary>TCP: messages follow each other, ChannelData padded to four bytes.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,
}
