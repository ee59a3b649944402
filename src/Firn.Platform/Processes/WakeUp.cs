namespace Firn.Platform.Processes;

/// <summary>A descriptor that gets readable once, to wake a thread that waits in poll.</summary>
internal sealed unsafe class WakeUp : IDisposable
{
    private readonly Lock _closing = new();
    private bool _closed;

    public int Descriptor { get; } = LibcProcesses.EventDescriptor(0, LibcProcesses.CloseOnExec | LibcProcesses.NonBlocking) is >= 0 and var made
        ? made
        : throw ProcessException.OfLast("making an event descriptor");

    public void Set()
    {
        lock (_closing)
        {
            if (!_closed)
            {
                var one = 1UL;
                _ = LibcProcesses.Write(Descriptor, (byte*)&one, sizeof(ulong));
            }
        }
    }

    public void Dispose()
    {
        lock (_closing)
        {
            if (!_closed)
            {
                _closed = true;
                _ = LibcProcesses.Close(Descriptor);
            }
        }
    }
}
