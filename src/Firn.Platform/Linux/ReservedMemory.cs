using System.Runtime.InteropServices;

namespace Firn.Platform.Linux;

/// <summary>A range of addresses at a place that is known when the program is compiled; pages become memory when they are written to.</summary>
public static unsafe partial class ReservedMemory
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int FixedNoReplace = 0x100000;
    private const int HugePages = 14;
    private const int NotNeeded = 4;

    /// <summary>Reserves addresses from <paramref name="address"/> on, half as many when the limits of the process are narrow, and so on.</summary>
    /// <returns>How many bytes there are; 0 when not even <paramref name="least"/> can be had.</returns>
    public static long Reserve(nuint address, long wanted, long least)
    {
        for (var size = wanted; size >= least; size /= 2)
        {
            var got = MemoryMap(address, (nuint)size, 0, PrivateAnonymousNoReserve | FixedNoReplace, -1, 0);
            if (got == address)
            {
                return size;
            }

            if (got != nuint.MaxValue)
            {
                _ = MemoryUnmap(got, (nuint)size);
            }
        }

        return 0;
    }

    /// <summary>Lets reserved addresses be used.</summary>
    /// <returns>Whether there is enough memory.</returns>
    public static bool Commit(nuint address, long length, bool hugePages)
    {
        if (MemoryProtect(address, (nuint)length, ReadWrite) != 0)
        {
            return false;
        }

        if (hugePages)
        {
            // Only a wish: kernels without huge pages go on with small ones.
            _ = MemoryAdvise(address, (nuint)length, HugePages);
        }

        return true;
    }

    /// <summary>Gives memory back; it reads as zeros from then on.</summary>
    /// <exception cref="ArgumentException">It does not begin or end with a page.</exception>
    public static void Clear(nuint address, long length)
    {
        if (MemoryAdvise(address, (nuint)length, NotNeeded) != 0)
        {
            throw new ArgumentException("memory that is no range of whole pages cannot be cleared");
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nuint MemoryMap(nuint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nuint address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MemoryProtect(nuint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nuint address, nuint length, int advice);
}
