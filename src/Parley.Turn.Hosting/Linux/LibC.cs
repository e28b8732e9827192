using System.Runtime.InteropServices;

namespace Parley.Turn.Hosting.Linux;

/// <summary>
/// The system calls of the data path. Each returns what the C function returns: below zero means failure, and
/// <see cref="LastError"/> must be read before any other call.
/// </summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    /// <summary>The <c>errno</c> of the call just made on this thread.</summary>
    public static int LastError => Marshal.GetLastSystemError();

    [LibraryImport(Library, EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind")]
    public static partial int Bind(int socket, SockAddr* address, uint length);

    [LibraryImport(Library, EntryPoint = "connect")]
    public static partial int Connect(int socket, SockAddr* address, uint length);

    [LibraryImport(Library, EntryPoint = "getsockname")]
    public static partial int GetSockName(int socket, SockAddr* address, uint* length);

    [LibraryImport(Library, EntryPoint = "setsockopt")]
    public static partial int SetSockOpt(int socket, int level, int name, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt")]
    public static partial int GetSockOpt(int socket, int level, int name, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "read")]
    public static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "write")]
    public static partial nint Write(int descriptor, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "send")]
    public static partial nint Send(int socket, void* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv")]
    public static partial nint Recv(int socket, void* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "sendto")]
    public static partial nint SendTo(int socket, void* buffer, nuint length, int flags, SockAddr* address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "sendmsg")]
    public static partial nint SendMsg(int socket, MsgHdr* message, int flags);

    [LibraryImport(Library, EntryPoint = "recvmsg")]
    public static partial nint RecvMsg(int socket, MsgHdr* message, int flags);

    [LibraryImport(Library, EntryPoint = "sendmmsg")]
    public static partial int SendMMsg(int socket, MMsgHdr* messages, uint count, int flags);

    [LibraryImport(Library, EntryPoint = "recvmmsg")]
    public static partial int RecvMMsg(int socket, MMsgHdr* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl")]
    public static partial int EpollCtl(int epoll, int operation, int descriptor, void* epollEvent);

    [LibraryImport(Library, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, void* events, int maxEvents, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "eventfd")]
    public static partial int EventFd(uint initialValue, int flags);
}
