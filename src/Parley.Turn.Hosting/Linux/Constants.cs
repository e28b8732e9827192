namespace Parley.Turn.Hosting.Linux;

/// <summary>Numbers of the Linux ABI; the same on x86-64 and arm64.</summary>
internal static class Constants
{
    public const int AddressFamilyUnspecified = 0;
    public const int AddressFamilyInternet = 2;
    public const int AddressFamilyInternet6 = 10;

    public const int SocketDatagram = 2;
    public const int SocketNonBlocking = 0x800;
    public const int SocketCloseOnExec = 0x80000;

    public const int LevelSocket = 1;
    public const int LevelIp = 0;
    public const int LevelIpv6 = 41;
    public const int LevelUdp = 17;

    public const int ReuseAddress = 2;
    public const int SendBuffer = 7;
    public const int ReceiveBuffer = 8;
    public const int ReusePort = 15;
    public const int SendBufferForce = 32;
    public const int ReceiveBufferForce = 33;

    public const int IpReceiveErrors = 11;
    public const int Ipv6ReceiveErrors = 25;
    public const int IpMtuDiscover = 10;
    public const int Ipv6MtuDiscover = 23;
    public const int MtuDiscoverNever = 0;
    public const int MtuDiscoverAlways = 2;
    public const int Ipv6Only = 26;

    public const int UdpSegment = 103;
    public const int UdpGro = 104;

    public const int MessageDontWait = 0x40;
    public const int MessageErrorQueue = 0x2000;
    public const int MessageNoSignal = 0x4000;
    public const int MessageTruncated = 0x20;

    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint EpollIn = 1;
    public const uint EpollError = 8;

    public const byte ErrorOriginIcmp = 2;
    public const byte ErrorOriginIcmp6 = 3;

    public const int EventFdNonBlocking = 0x800;
    public const int EventFdCloseOnExec = 0x80000;

    public const int ErrorInterrupted = 4;
    public const int ErrorIo = 5;
    public const int ErrorAgain = 11;
    public const int ErrorAccess = 13;
    public const int ErrorInvalid = 22;
    public const int ErrorMessageSize = 90;
    public const int ErrorAddressInUse = 98;
    public const int ErrorAddressNotAvailable = 99;
    public const int ErrorNoBuffers = 105;
    public const int ErrorConnectionRefused = 111;
}
