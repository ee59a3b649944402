using Microsoft.Win32.SafeHandles;

namespace Firn.Platform.Processes;

/// <summary>A pipe whose ends no other process inherits by accident.</summary>
public sealed unsafe class Pipe : IDisposable
{
    public Pipe()
    {
        var ends = stackalloc int[2];
        if (LibcProcesses.Pipe(ends, LibcProcesses.CloseOnExec) < 0)
        {
            throw ProcessException.OfLast("making a pipe");
        }

        (Reading, Writing) = (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    public SafeFileHandle Reading { get; }

    public SafeFileHandle Writing { get; }

    /// <summary>Reads what is in it now, without waiting for more.</summary>
    public byte[] ReadAvailable()
    {
        var content = new List<byte>();
        var buffer = new byte[4096];
        var descriptor = (int)Reading.DangerousGetHandle();
        while (true)
        {
            var entry = new LibcProcesses.PollEntry { Descriptor = descriptor, Wanted = LibcProcesses.PollIn };
            if (LibcProcesses.Poll(&entry, 1, 0) <= 0)
            {
                return [.. content];
            }

            nint count;
            fixed (byte* place = buffer)
            {
                count = LibcProcesses.Read(descriptor, place, buffer.Length);
            }

            if (count <= 0)
            {
                return [.. content];
            }

            content.AddRange(buffer.AsSpan(0, (int)count));
        }
    }

    /// <summary>Reads until its other end is closed by all who have it.</summary>
    public byte[] ReadToEnd()
    {
        using var stream = new FileStream(Reading, FileAccess.Read, 1);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public void Dispose()
    {
        Reading.Dispose();
        Writing.Dispose();
    }
}
