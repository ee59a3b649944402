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

    /// <summary>Makes a pipe that holds <paramref name="content"/> and then its end; it must fit the pipe's 64 KiB.</summary>
    public static Pipe Holding(ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, 64 * 1024);
        var pipe = new Pipe();
        fixed (byte* bytes = content)
        {
            var sent = 0;
            while (sent < content.Length)
            {
                var count = LibcProcesses.Write((int)pipe.Writing.DangerousGetHandle(), bytes + sent, content.Length - sent);
                if (count < 0)
                {
                    throw ProcessException.OfLast("filling a pipe");
                }

                sent += (int)count;
            }
        }

        pipe.Writing.Dispose();
        return pipe;
    }

    public void Dispose()
    {
        Reading.Dispose();
        Writing.Dispose();
    }
}
