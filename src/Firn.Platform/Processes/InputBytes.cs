using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>What comes in by a descriptor, as it comes; waiting for it can be cancelled.</summary>
public sealed unsafe class InputBytes(int descriptor)
{
    private const int Patience = 200;

    private readonly byte[] _buffer = new byte[4096];
    private int _next;
    private int _end;

    /// <summary>Returns the next byte, or -1 at the end and when <paramref name="cancellation"/> was asked for.</summary>
    public int Next(CancellationToken cancellation)
    {
        while (_next == _end)
        {
            if (cancellation.IsCancellationRequested)
            {
                return -1;
            }

            if (IsReady(Patience) && !TryFill())
            {
                return -1;
            }
        }

        return _buffer[_next++];
    }

    /// <summary>Tells whether a byte is there, or comes within so many milliseconds.</summary>
    public bool IsReady(int milliseconds)
    {
        if (_next < _end)
        {
            return true;
        }

        var entry = new LibcProcesses.PollEntry { Descriptor = descriptor, Wanted = LibcProcesses.PollIn };
        return LibcProcesses.Poll(&entry, 1, milliseconds) > 0;
    }

    private bool TryFill()
    {
        fixed (byte* buffer = _buffer)
        {
            var count = LibcProcesses.Read(descriptor, buffer, _buffer.Length);
            if (count < 0 && Marshal.GetLastPInvokeError() is LibcProcesses.Interrupted or LibcProcesses.TryAgain)
            {
                return true;
            }

            (_next, _end) = (0, (int)Math.Max(0, count));
            return count > 0;
        }
    }
}
