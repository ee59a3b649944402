using System.Runtime.InteropServices;

namespace Firn.Platform.Linux;

/// <summary>Has the kernel copy from a file into a socket, without the bytes passing through this process.</summary>
public static partial class KernelCopy
{
    private const int More = 0x8000;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int OnlyFromMemory = 0x8;

    /// <summary>Sends bytes that a file will follow, so that both leave together, as many as the socket takes without waiting.</summary>
    /// <returns>How many were taken.</returns>
    /// <exception cref="SystemCallException">Nobody reads the socket any more.</exception>
    public static unsafe int SendAhead(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        var isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            while (true)
            {
                nint taken;
                fixed (byte* start = bytes)
                {
                    taken = Send((int)socket.DangerousGetHandle(), start, (nuint)bytes.Length, More | DoNotWait | NoSignal);
                }

                if (taken >= 0)
                {
                    return (int)taken;
                }

                switch ((Errno)Marshal.GetLastPInvokeError())
                {
                    case Errno.Interrupted:
                        continue;
                    case Errno.Again:
                        return 0;
                    default:
                        throw SystemCallException.Last("sending");
                }
            }
        }
        finally
        {
            if (isHeld)
            {
                socket.DangerousRelease();
            }
        }
    }

    /// <summary>Tells whether a byte of a file can be read without waiting for a disk; false where the kernel does not say.</summary>
    public static unsafe bool IsInMemory(SafeHandle file, long offset)
    {
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            byte found;
            var target = new Vector(&found, 1);
            return ReadAt((int)file.DangerousGetHandle(), &target, 1, offset, OnlyFromMemory) == 1;
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Copies up to <paramref name="count"/> bytes from <paramref name="offset"/> on, as many as the socket takes without waiting.</summary>
    /// <returns>How many were copied; 0 when the socket takes none now; -1 when the file ends before.</returns>
    /// <exception cref="SystemCallException">The file cannot be read, or nobody reads the socket any more.</exception>
    public static long SendFile(SafeHandle socket, SafeHandle file, long offset, long count)
    {
        bool isSocketHeld = false, isFileHeld = false;
        try
        {
            socket.DangerousAddRef(ref isSocketHeld);
            file.DangerousAddRef(ref isFileHeld);
            while (true)
            {
                var copied = SendFile((int)socket.DangerousGetHandle(), (int)file.DangerousGetHandle(), ref offset, (nuint)count);
                if (copied >= 0)
                {
                    return copied == 0 ? -1 : copied;
                }

                switch ((Errno)Marshal.GetLastPInvokeError())
                {
                    case Errno.Interrupted:
                        continue;
                    case Errno.Again:
                        return 0;
                    default:
                        throw SystemCallException.Last("sending a file");
                }
            }
        }
        finally
        {
            if (isFileHeld)
            {
                file.DangerousRelease();
            }

            if (isSocketHeld)
            {
                socket.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(int output, int input, ref long offset, nuint count);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static unsafe partial nint Send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    private static unsafe partial nint ReadAt(int file, Vector* targets, int count, long offset, int flags);

    // The kernel's struct iovec.
    private readonly unsafe struct Vector(byte* start, nuint length)
    {
        private readonly byte* _start = start;
        private readonly nuint _length = length;
    }
}
