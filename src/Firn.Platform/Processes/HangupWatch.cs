namespace Firn.Platform.Processes;

/// <summary>Tells when the other end of a pipe or socket is gone, whatever is still to be read from it.</summary>
public sealed unsafe class HangupWatch : IDisposable
{
    private const short HungUp = 0x10 | 0x08;

    private readonly WakeUp _stop = new();
    private readonly Thread _thread;

    /// <summary>Watches <paramref name="descriptor"/>, and calls <paramref name="onHangup"/> once, on a thread of its own.</summary>
    public HangupWatch(int descriptor, Action onHangup)
    {
        _thread = new Thread(() =>
        {
            if (Wait(descriptor))
            {
                onHangup();
            }
        }, 256 * 1024)
        {
            IsBackground = true,
            Name = "hang-up watch",
        };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private bool Wait(int descriptor)
    {
        var entries = stackalloc LibcProcesses.PollEntry[2];
        // That it is gone is told without being asked for.
        entries[0] = new LibcProcesses.PollEntry { Descriptor = descriptor };
        entries[1] = new LibcProcesses.PollEntry { Descriptor = _stop.Descriptor, Wanted = LibcProcesses.PollIn };
        while (true)
        {
            entries[0].Found = entries[1].Found = 0;
            if (LibcProcesses.Poll(entries, 2, -1) < 0)
            {
                continue;
            }

            if (entries[1].Found != 0)
            {
                return false;
            }

            if ((entries[0].Found & HungUp) != 0)
            {
                return true;
            }
        }
    }
}
