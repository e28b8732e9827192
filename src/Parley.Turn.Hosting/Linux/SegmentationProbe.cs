using System.Net;
using System.Net.Sockets;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// Asks whether this kernel cuts joined sends (UDP_SEGMENT) correctly, by doing it: some kernels do not know it, and some
/// versions garbled it.
/// </summary>
internal static unsafe class SegmentationProbe
{
    private const int SegmentBytes = 100;
    private const int Segments = 3;

    public static bool Works()
    {
        var sender = DatagramSocket.TryOpen(AddressFamily.InterNetwork);
        var receiver = DatagramSocket.TryOpen(AddressFamily.InterNetwork);
        try
        {
            return sender >= 0 && receiver >= 0
                && DatagramSocket.Bind(receiver, new IPEndPoint(IPAddress.Loopback, 0)) == 0
                && DatagramSocket.Connect(sender, SockAddr.From(DatagramSocket.LocalEndPoint(receiver))) == 0
                && TrySend(sender) && Arrives(receiver);
        }
        finally
        {
            DatagramSocket.Close(sender);
            DatagramSocket.Close(receiver);
        }
    }

    private static bool TrySend(int sender)
    {
        var bytes = stackalloc byte[Segments * SegmentBytes];
        for (var i = 0; i < Segments * SegmentBytes; i++)
        {
            bytes[i] = (byte)i;
        }

        var vector = new IoVec { Base = bytes, Length = Segments * SegmentBytes };
        var control = new SegmentControl { Length = SegmentControl.SegmentLength, Level = Constants.LevelUdp, Type = Constants.UdpSegment, Value = SegmentBytes };
        var message = new MsgHdr { Vectors = &vector, VectorCount = 1, Control = (byte*)&control, ControlLength = (nuint)sizeof(SegmentControl) };
        return LibC.SendMsg(sender, &message, 0) == Segments * SegmentBytes;
    }

    private static bool Arrives(int receiver)
    {
        var bytes = stackalloc byte[2 * SegmentBytes];
        for (var segment = 0; segment < Segments; segment++)
        {
            // Loopback delivers within the send, so there is nothing to wait for.
            if (LibC.Recv(receiver, bytes, 2 * SegmentBytes, Constants.MessageDontWait) != SegmentBytes)
            {
                return false;
            }

            for (var i = 0; i < SegmentBytes; i++)
            {
                if (bytes[i] != (byte)((segment * SegmentBytes) + i))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
