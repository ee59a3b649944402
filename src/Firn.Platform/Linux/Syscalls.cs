using System.Runtime.InteropServices;

namespace Firn.Platform.Linux;

/// <summary>The C library's doors to the kernel, as they are; paths end in a NUL.</summary>
internal static partial class Syscalls
{
    internal const int CurrentDirectory = -100;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(int directory, byte[] path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, ref byte buffer, nuint count);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, ref readonly byte buffer, nuint count);

    [LibraryImport(C, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int descriptor, long offset, int origin);

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatX(int directory, byte[] path, int flags, uint mask, out StatXBuffer buffer);

    [LibraryImport(C, EntryPoint = "getdents64", SetLastError = true)]
    internal static partial nint GetDents64(int directory, ref byte buffer, nuint count);

    [LibraryImport(C, EntryPoint = "mkdirat", SetLastError = true)]
    internal static partial int MakeDirectoryAt(int directory, byte[] path, uint mode);

    [LibraryImport(C, EntryPoint = "symlinkat", SetLastError = true)]
    internal static partial int SymlinkAt(byte[] target, int directory, byte[] path);

    [LibraryImport(C, EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(int directory, byte[] path, ref byte buffer, nuint size);

    [LibraryImport(C, EntryPoint = "linkat", SetLastError = true)]
    internal static partial int LinkAt(int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath, int flags);

    [LibraryImport(C, EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(int directory, byte[] path, int flags);

    [LibraryImport(C, EntryPoint = "renameat", SetLastError = true)]
    internal static partial int RenameAt(int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath);

    [LibraryImport(C, EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport(C, EntryPoint = "fchmodat", SetLastError = true)]
    internal static partial int ChangeModeAt(int directory, byte[] path, uint mode, int flags);

    [LibraryImport(C, EntryPoint = "fchownat", SetLastError = true)]
    internal static partial int ChangeOwnerAt(int directory, byte[] path, uint user, uint group, int flags);

    [LibraryImport(C, EntryPoint = "utimensat", SetLastError = true)]
    internal static partial int SetTimesAt(int directory, byte[] path, ref readonly Timespec times, int flags);

    [LibraryImport(C, EntryPoint = "futimens", SetLastError = true)]
    internal static partial int SetTimes(int descriptor, ref readonly Timespec times);

    [LibraryImport(C, EntryPoint = "llistxattr", SetLastError = true)]
    internal static partial nint ListAttributes(byte[] path, ref byte list, nuint size);

    [LibraryImport(C, EntryPoint = "lremovexattr", SetLastError = true)]
    internal static partial int RemoveAttribute(byte[] path, byte[] name);

    [LibraryImport(C, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(int descriptor);

    [LibraryImport(C, EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate(int descriptor, long length);

    [LibraryImport(C, EntryPoint = "posix_fallocate")]
    internal static partial int Allocate(int descriptor, long offset, long length);

    [LibraryImport(C, EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(int descriptor, int operation);

    [LibraryImport(C, EntryPoint = "faccessat", SetLastError = true)]
    internal static partial int AccessAt(int directory, byte[] path, int mode, int flags);

    [LibraryImport(C, EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport(C, EntryPoint = "getegid")]
    internal static partial uint EffectiveGroup();

    [LibraryImport(C, EntryPoint = "statvfs", SetLastError = true)]
    internal static partial int StatVfs(byte[] path, ref ulong buffer);

    [LibraryImport(C, EntryPoint = "mount", SetLastError = true)]
    internal static partial int Mount(nint source, byte[] target, byte[] type, ulong flags, nint data);

    [LibraryImport(C, EntryPoint = "copy_file_range", SetLastError = true)]
    internal static partial nint CopyRange(int from, nint fromOffset, int to, nint toOffset, nuint length, uint flags);

    /// <summary>The kernel's <c>struct statx</c>, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatXBuffer
    {
        [FieldOffset(16)]
        internal uint Links;
        [FieldOffset(20)]
        internal uint User;
        [FieldOffset(24)]
        internal uint Group;
        [FieldOffset(28)]
        internal ushort Mode;
        [FieldOffset(32)]
        internal ulong Inode;
        [FieldOffset(40)]
        internal ulong Size;
        [FieldOffset(48)]
        internal ulong Blocks;
        [FieldOffset(96)]
        internal long ChangeSeconds;
        [FieldOffset(104)]
        internal uint ChangeNanoseconds;
        [FieldOffset(112)]
        internal long ModifySeconds;
        [FieldOffset(120)]
        internal uint ModifyNanoseconds;
        [FieldOffset(136)]
        internal uint DeviceMajor;
        [FieldOffset(140)]
        internal uint DeviceMinor;
    }

    /// <summary>The kernel's <c>struct timespec</c> on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Timespec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
