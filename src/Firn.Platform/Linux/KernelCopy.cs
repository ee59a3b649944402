using System.Runtime.InteropServices;

namespace Firn.Platform.Linux;

/// <summary>Has the kernel copy from a file into a socket, without the bytes passing through this process.</summary>
public static partial class KernelCopy
{
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
                var copied = Send((int)socket.DangerousGetHandle(), (int)file.DangerousGetHandle(), ref offset, (nuint)count);
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
    private static partial nint Send(int output, int input, ref long offset, nuint count);
}
