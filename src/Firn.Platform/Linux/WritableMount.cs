namespace Firn.Platform.Linux;

/// <summary>Makes folders writable that are mounted read-only to keep others from writing there.</summary>
public static class WritableMount
{
    private const ulong ReadOnly = 1;
    private const ulong RemountBind = 0x20 | 0x1000;
    // struct statvfs has 11 words of 8 bytes on 64-bit machines and some spare; f_flag is the tenth.
    private const int FlagWord = 9;

    /// <summary>Remounts <paramref name="path"/> writable for this process's namespace, if this is root and it is not.</summary>
    public static void Ensure(string path)
    {
        if (!CurrentUser.IsRoot)
        {
            return;
        }

        var name = Files.FileName.Terminated(path);
        Span<ulong> status = stackalloc ulong[32];
        if (Syscalls.StatVfs(name, ref status[0]) != 0)
        {
            throw SystemCallException.Last($"getting info about the mount point of '{path}'");
        }

        if ((status[FlagWord] & ReadOnly) != 0 && Syscalls.Mount(0, name, [.. "none"u8, 0], RemountBind, 0) != 0)
        {
            throw SystemCallException.Last($"remounting '{path}' writable");
        }
    }
}
