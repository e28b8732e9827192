using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVec
{
    public byte* Base;
    public nuint Length;
}

/// <summary><c>struct msghdr</c>. musl declares the two lengths as int and padding; on little-endian machines that is the same.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MsgHdr
{
    public SockAddr* Name;
    public uint NameLength;
    public IoVec* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary><c>struct mmsghdr</c>: one message of a batch and how many bytes it moved.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MMsgHdr
{
    public MsgHdr Header;
    public uint Length;
}

/// <summary>
/// A control message that carries one number: the segment size on the way out (UDP_SEGMENT, u16) and in (UDP_GRO, int).
/// <c>CMSG_SPACE</c> of both is 24 bytes on 64-bit Linux.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SegmentControl
{
    /// <summary><c>CMSG_LEN</c> of the u16 that UDP_SEGMENT takes.</summary>
    public const int SegmentLength = 18;

    public nuint Length;
    public int Level;
    public int Type;
    public int Value;
    private readonly int _padding;
}

/// <summary>The control message of an error queue: <c>struct cmsghdr</c>, then <c>struct sock_extended_err</c>, then who reported it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ErrorControl
{
    public nuint Length;
    public int Level;
    public int Type;
    public uint Error;
    public byte Origin;
    public byte IcmpType;
    public byte IcmpCode;
    public byte Padding;

    /// <summary>For "too big", the MTU of the next hop.</summary>
    public uint Info;
    public uint Data;
    public SockAddr Offender;
    private readonly uint _padding;
}
