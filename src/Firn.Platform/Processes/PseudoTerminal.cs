using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Firn.Platform.Processes;

/// <summary>A terminal that a program writes to and we read from, in raw mode: bytes come as they went.</summary>
public sealed unsafe class PseudoTerminal : IDisposable
{
    private PseudoTerminal(SafeFileHandle ours, SafeFileHandle theirs) => (Ours, Theirs) = (ours, theirs);

    /// <summary>The end we read from.</summary>
    public SafeFileHandle Ours { get; }

    /// <summary>The end that a program gets; to be closed once it has it, else its end is never seen.</summary>
    public SafeFileHandle Theirs { get; }

    /// <summary>Opens a terminal; where the system has none to give, a pipe does.</summary>
    /// <param name="owner">Who may write to it besides us, or null.</param>
    public static PseudoTerminal Open(uint? owner)
    {
        var flags = LibcProcesses.ReadWrite | LibcProcesses.NoControllingTerminal | LibcProcesses.CloseOnExec;
        var master = LibcProcesses.OpenTerminal(flags);
        if (master < 0)
        {
            var pipe = new Pipe();
            return new PseudoTerminal(pipe.Reading, pipe.Writing);
        }

        var ours = new SafeFileHandle(master, ownsHandle: true);
        var name = stackalloc byte[128];
        if (LibcProcesses.UnlockTerminal(master) < 0 || LibcProcesses.TerminalName(master, name, 128) != 0)
        {
            throw ProcessException.OfLast("unlocking a pseudo-terminal");
        }

        var path = Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        var slave = LibcProcesses.Open(path, flags, 0);
        if (slave < 0)
        {
            throw ProcessException.OfLast("opening a pseudo-terminal");
        }

        var theirs = new SafeFileHandle(slave, ownsHandle: true);
        MakeRaw(slave);
        if (owner is { } user)
        {
            if (LibcProcesses.ChangeMode(slave, 0x180) < 0 || LibcProcesses.ChangeOwner(slave, user, 0) < 0)
            {
                throw ProcessException.OfLast("handing a pseudo-terminal to the build user");
            }
        }

        return new PseudoTerminal(ours, theirs);
    }

    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }

    private static void MakeRaw(int terminal)
    {
        // struct termios has 60 bytes; there is room for more.
        var mode = stackalloc byte[256];
        if (LibcProcesses.GetTerminalMode(terminal, mode) < 0)
        {
            throw ProcessException.OfLast("reading the mode of a pseudo-terminal");
        }

        LibcProcesses.MakeRaw(mode);
        if (LibcProcesses.SetTerminalMode(terminal, 0, mode) < 0)
        {
            throw ProcessException.OfLast("setting the mode of a pseudo-terminal");
        }
    }
}
