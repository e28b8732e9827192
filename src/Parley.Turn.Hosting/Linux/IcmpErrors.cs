using Parley.Stun;

namespace Parley.Turn.Hosting.Linux;

/// <summary>Reads what routers and hosts reported about datagrams that a socket sent.</summary>
internal static unsafe class IcmpErrors
{
    /// <summary>Bytes of the control message before the reporter's address.</summary>
    private const int ControlBytes = 32;

    /// <summary>Takes the next report off a socket's error queue; false when it is empty. Reports that are not ICMP are passed over.</summary>
    public static bool TryRead(int socket, out TransportAddress destination, out byte type, out byte code, out uint mtu)
    {
        var name = default(SockAddr);
        var control = default(ErrorControl);
        while (true)
        {
            var message = new MsgHdr { Name = &name, NameLength = SockAddr.Size, Control = (byte*)&control, ControlLength = (nuint)sizeof(ErrorControl) };
            if (LibC.RecvMsg(socket, &message, Constants.MessageErrorQueue | Constants.MessageDontWait) < 0)
            {
                (destination, type, code, mtu) = (default, 0, 0, 0);
                return false;
            }

            if (message.ControlLength >= ControlBytes && control.Origin is Constants.ErrorOriginIcmp or Constants.ErrorOriginIcmp6)
            {
                (destination, type, code, mtu) = (name.ToTransportAddress(), control.IcmpType, control.IcmpCode, control.Info);
                return true;
            }
        }
    }
}
