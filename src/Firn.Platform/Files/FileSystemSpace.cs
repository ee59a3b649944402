using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Tells how full a disk is.</summary>
public static class FileSystemSpace
{
    private const int UnitWord = 1;
    private const int AvailableWord = 4;

    /// <summary>Returns how many bytes an ordinary user can still write below <paramref name="path"/>.</summary>
    public static long Free(string path)
    {
        // struct statvfs, in words of 8 bytes on 64-bit machines, with some spare.
        Span<ulong> status = stackalloc ulong[32];
        return Syscalls.StatVfs(FileName.Terminated(path), ref status[0]) == 0
            ? (long)(status[UnitWord] * status[AvailableWord])
            : throw SystemCallException.Last($"getting filesystem info about '{path}'");
    }
}
