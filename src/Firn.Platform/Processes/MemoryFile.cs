using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Firn.Platform.Processes;

/// <summary>Files without a name, to hand content to a process by a descriptor.</summary>
public static unsafe partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Makes a file that holds <paramref name="content"/>, to be read from its start.</summary>
    public static SafeFileHandle Holding(ReadOnlySpan<byte> content)
    {
        var descriptor = Create("firn", CloseOnExec);
        if (descriptor < 0)
        {
            throw ProcessException.OfLast("making a file in memory");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, content, 0);
        return file;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Create(string name, uint flags);
}
