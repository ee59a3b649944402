using System.Runtime.InteropServices;
using Firn.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Firn.Platform.Files;

/// <summary>An open file; reads and writes without a buffer of its own.</summary>
public sealed class FileHandle : Stream
{
    private readonly string _path;
    private int _descriptor;

    internal FileHandle(int descriptor, string path) => (_descriptor, _path) = (descriptor, path);

    ~FileHandle() => Dispose(false);

    public int Descriptor => _descriptor;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => true;

    public override long Length => Status().Size;

    public override long Position
    {
        get => Seek(0, SeekOrigin.Current);
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Opens a file to read it.</summary>
    /// <exception cref="SystemCallException">It cannot be opened.</exception>
    public static FileHandle OpenRead(string path) =>
        Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path, OpenFlags.ReadOnly, 0);

    /// <summary>Opens a regular file to read it; waits for nobody, as one does who opens a pipe.</summary>
    /// <exception cref="SystemCallException">It cannot be opened, or is something else.</exception>
    public static FileHandle OpenRegular(string path)
    {
        var file = Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, 0);
        if (file.Status().IsRegular)
        {
            return file;
        }

        file.Dispose();
        throw new SystemCallException($"opening file '{path}'", Errno.Invalid);
    }

    /// <summary>Opens a file to read and write it, and makes an empty one where there is none.</summary>
    public static FileHandle OpenOrCreate(string path, int mode) =>
        Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path, OpenFlags.ReadWrite | OpenFlags.Create, mode);

    /// <summary>Opens a file to write it, without what was in it, and makes one where there is none.</summary>
    public static FileHandle OpenEmpty(string path, int mode) =>
        Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, mode);

    /// <summary>Makes a file that must not exist yet.</summary>
    public static FileHandle CreateNew(string path, int mode) =>
        Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, mode);

    /// <summary>Opens a file to read and write it, or returns null where there is none.</summary>
    public static FileHandle? OpenExisting(string path)
    {
        var descriptor = Syscalls.OpenAt(
            Syscalls.CurrentDirectory, FileName.Terminated(path), OpenFlags.ReadWrite | OpenFlags.CloseOnExec, 0);
        return descriptor >= 0 ? new FileHandle(descriptor, path)
            : (Errno)Marshal.GetLastPInvokeError() == Errno.NoEntry ? null
            : throw SystemCallException.Last($"opening file '{path}'");
    }

    internal static FileHandle Open(int directory, byte[] path, string shownPath, int flags, int mode)
    {
        var descriptor = Syscalls.OpenAt(directory, path, flags | OpenFlags.CloseOnExec, (uint)mode);
        return descriptor >= 0 ? new FileHandle(descriptor, shownPath) : throw SystemCallException.Last($"opening file '{shownPath}'");
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            var count = Syscalls.Read(_descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            if ((Errno)Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                throw SystemCallException.Last($"reading file '{_path}'");
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Syscalls.Write(_descriptor, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (count >= 0)
            {
                buffer = buffer[(int)count..];
            }
            else if ((Errno)Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                throw SystemCallException.Last($"writing to file '{_path}'");
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = Syscalls.Seek(_descriptor, offset, (int)origin);
        return position >= 0 ? position : throw SystemCallException.Last($"seeking in file '{_path}'");
    }

    public override void SetLength(long value) => Check(Syscalls.Truncate(_descriptor, value), "setting the length of");

    /// <summary>Returns what the file system knows about it now.</summary>
    public FileStatus Status() => PathStatus.OfDescriptor(_descriptor, _path);

    public void ChangeMode(int mode) => Check(Syscalls.ChangeMode(_descriptor, (uint)mode), "setting permissions of");

    /// <summary>Sets the time of the last change, in seconds since 1970; the time of the last access stays.</summary>
    public void SetModified(long seconds) =>
        Check(Syscalls.SetTimes(_descriptor, in Times.Of(seconds)[0]), "changing modification time of");

    /// <summary>Has the kernel write everything to the disk.</summary>
    public void Sync() => Check(Syscalls.Sync(_descriptor), "syncing");

    /// <summary>Reserves room on the disk; false where the file system cannot.</summary>
    public bool TryAllocate(long length) => Syscalls.Allocate(_descriptor, 0, length) == 0;

    /// <summary>Lends the descriptor to the framework, for sockets and memory maps.</summary>
    public SafeFileHandle Borrow() => new(_descriptor, ownsHandle: false);

    protected override void Dispose(bool disposing)
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = Syscalls.Close(descriptor);
        }

        base.Dispose(disposing);
    }

    private void Check(int result, string doing)
    {
        if (result != 0)
        {
            throw SystemCallException.Last($"{doing} file '{_path}'");
        }
    }
}
