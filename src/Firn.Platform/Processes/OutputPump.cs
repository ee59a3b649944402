using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Firn.Platform.Processes;

/// <summary>Why reading the output of a process came to an end.</summary>
public enum OutputEnd
{
    /// <summary>The process ended, or closed its output.</summary>
    Ended,

    /// <summary>It wrote nothing for too long.</summary>
    Silent,

    /// <summary>It ran for too long.</summary>
    TimedOut,

    /// <summary>We were told to stop, or the reader had enough.</summary>
    Stopped,
}

/// <summary>How long a process may go on; null sets no limit.</summary>
public readonly record struct OutputLimits(TimeSpan? Silence, TimeSpan? Total);

/// <summary>Takes what a process wrote; false ends the reading.</summary>
public delegate bool OutputReader(ReadOnlySpan<byte> output);

/// <summary>Reads what a process writes until it has ended, and watches the clock.</summary>
public static unsafe class OutputPump
{
    /// <summary>Reads <paramref name="source"/>; a process that is left running is the caller's to kill.</summary>
    public static OutputEnd Run(
        ChildProcess child, SafeFileHandle source, OutputReader reader, OutputLimits limits, TimeProvider time, CancellationToken cancellation)
    {
        using var cancelled = new WakeUp();
        using var registration = cancellation.Register(cancelled.Set);
        var descriptor = (int)source.DangerousGetHandle();
        var buffer = new byte[64 * 1024];
        var start = time.GetTimestamp();
        var last = start;
        var hasEnded = false;
        var entries = stackalloc LibcProcesses.PollEntry[3];
        while (true)
        {
            // Once the process has ended, what is there already is read, without waiting for those that it left behind.
            var patience = hasEnded ? 0 : Patience(limits, time, start, last);
            entries[0] = new() { Descriptor = descriptor, Wanted = LibcProcesses.PollIn };
            entries[1] = new() { Descriptor = hasEnded ? -1 : child.Ended.Descriptor, Wanted = LibcProcesses.PollIn };
            entries[2] = new() { Descriptor = cancelled.Descriptor, Wanted = LibcProcesses.PollIn };
            var count = LibcProcesses.Poll(entries, 3, patience);
            if (count < 0)
            {
                if (Marshal.GetLastPInvokeError() == LibcProcesses.Interrupted)
                {
                    continue;
                }

                throw ProcessException.OfLast("waiting for the output of a process");
            }

            if (entries[2].Found != 0)
            {
                return OutputEnd.Stopped;
            }

            if (entries[0].Found != 0)
            {
                nint got;
                fixed (byte* place = buffer)
                {
                    got = LibcProcesses.Read(descriptor, place, buffer.Length);
                }

                if (got > 0)
                {
                    last = time.GetTimestamp();
                    if (!reader(buffer.AsSpan(0, (int)got)))
                    {
                        return OutputEnd.Stopped;
                    }

                    continue;
                }

                var error = got == 0 ? 0 : Marshal.GetLastPInvokeError();
                if (error is LibcProcesses.Interrupted or LibcProcesses.TryAgain)
                {
                    continue;
                }

                // A terminal whose other end is closed gives an input/output error.
                return error is 0 or LibcProcesses.InputOutputError
                    ? WaitForEnd(child)
                    : throw ProcessException.Of("reading the output of a process", error);
            }

            if (hasEnded)
            {
                return OutputEnd.Ended;
            }

            if (entries[1].Found != 0)
            {
                hasEnded = true;
            }
            else if (Expired(limits, time, start, last) is { } end)
            {
                return end;
            }
        }
    }

    private static OutputEnd WaitForEnd(ChildProcess child)
    {
        // A process that closed its output has a moment to end; then it counts as ended, and the caller kills it.
        _ = child.Wait(TimeSpan.FromSeconds(0.5));
        return OutputEnd.Ended;
    }

    private static OutputEnd? Expired(OutputLimits limits, TimeProvider time, long start, long last) =>
        limits.Total is { } total && time.GetElapsedTime(start) >= total ? OutputEnd.TimedOut
        : limits.Silence is { } silence && time.GetElapsedTime(last) >= silence ? OutputEnd.Silent
        : null;

    private static int Patience(OutputLimits limits, TimeProvider time, long start, long last)
    {
        var left = TimeSpan.MaxValue;
        if (limits.Total is { } total)
        {
            left = total - time.GetElapsedTime(start);
        }

        if (limits.Silence is { } silence && silence - time.GetElapsedTime(last) < left)
        {
            left = silence - time.GetElapsedTime(last);
        }

        return left == TimeSpan.MaxValue ? -1 : (int)Math.Clamp(left.TotalMilliseconds + 1, 0, int.MaxValue);
    }
}
