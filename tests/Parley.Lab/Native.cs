using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Parley.Lab;

/// <summary>The few Linux calls that .NET has no name for.</summary>
internal static partial class Native
{
    public const short PollIn = 1;

    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NewNet = 0x40000000;
    private const uint TunSetIff = 0x400454ca;
    private const short TunNoPacketInformation = 0x0001 | 0x1000;

    /// <summary>Moves the calling thread into a network namespace, given as a file: <c>/run/netns/NAME</c>.</summary>
    public static void EnterNetwork(string file)
    {
        using var descriptor = Open(file, CloseOnExec);
        if (descriptor.IsInvalid || SetNamespace(descriptor, NewNet) < 0)
        {
            throw Failed($"enter {file}");
        }
    }

    /// <summary>Makes a TUN device in the calling thread's network namespace: what is read from the descriptor, the kernel sent; what is written, it receives.</summary>
    public static SafeFileHandle OpenTun(string name)
    {
        var descriptor = Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request[16..], TunNoPacketInformation);
        if (descriptor.IsInvalid || Control(descriptor, TunSetIff, ref MemoryMarshal.GetReference(request)) < 0)
        {
            var failure = Failed($"make the TUN device {name}");
            descriptor.Dispose();
            throw failure;
        }

        return descriptor;
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle descriptor, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle descriptor, ReadOnlySpan<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(Span<PollEntry> entries, nuint count, in TimeSpec timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    private static LabException Failed(string what) => new($"Could not {what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle descriptor, nuint request, ref byte argument);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public readonly struct TimeSpec(TimeSpan time)
    {
        public readonly nint Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond);
        public readonly nint Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
    }
}
