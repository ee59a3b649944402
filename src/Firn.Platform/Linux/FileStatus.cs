namespace Firn.Platform.Linux;

/// <summary>What an entry of a file system is.</summary>
public enum FileType
{
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    Symlink = 10,
    Socket = 12,
}

/// <summary>What the file system knows about a file, of the file itself and not of what a link points to.</summary>
public sealed record FileStatus
{
    internal FileStatus(in Syscalls.StatXBuffer buffer)
    {
        (Mode, Links, User, Group) = (buffer.Mode, buffer.Links, buffer.User, buffer.Group);
        (Inode, Size, Blocks) = (buffer.Inode, (long)buffer.Size, (long)buffer.Blocks);
        (ModifiedSeconds, ModifiedNanoseconds) = (buffer.ModifySeconds, buffer.ModifyNanoseconds);
        (ChangedSeconds, ChangedNanoseconds) = (buffer.ChangeSeconds, buffer.ChangeNanoseconds);
        Device = ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor;
    }

    /// <summary>Type and permissions as <c>st_mode</c> has them.</summary>
    public int Mode { get; }

    public uint Links { get; }

    public uint User { get; }

    public uint Group { get; }

    public ulong Device { get; }

    public ulong Inode { get; }

    public long Size { get; }

    /// <summary>How many 512-byte blocks it takes.</summary>
    public long Blocks { get; }

    public long ModifiedSeconds { get; }

    public uint ModifiedNanoseconds { get; }

    public long ChangedSeconds { get; }

    public uint ChangedNanoseconds { get; }

    public FileType Type => (FileType)(Mode >> 12);

    /// <summary>The permissions alone, set-user-id and its like included.</summary>
    public int Permissions => Mode & 0xfff;

    public bool IsDirectory => Type == FileType.Directory;

    public bool IsRegular => Type == FileType.Regular;

    public bool IsSymlink => Type == FileType.Symlink;

    /// <summary>Whether its owner may execute it, which is what an archive records.</summary>
    public bool IsExecutable => (Mode & 0x40) != 0;
}
