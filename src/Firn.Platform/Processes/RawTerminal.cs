using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>A terminal in raw mode: keys come as they are typed, unechoed; the old mode comes back when this is disposed.</summary>
public sealed unsafe partial class RawTerminal : IDisposable
{
    // struct termios has 60 bytes; there is room for more. Its second word says how output is treated.
    private const int ModeSize = 256;
    private const int OutputFlags = 4;
    private const int AfterOutput = 1;
    private const int DefaultWidth = 80;

    // What ioctl(2) calls TIOCGWINSZ.
    private const ulong WindowSize = 0x5413;

    private readonly int _descriptor;
    private readonly byte[] _before = new byte[ModeSize];
    private readonly byte[] _raw;

    private RawTerminal(int descriptor, byte[] before)
    {
        (_descriptor, _before, _raw) = (descriptor, before, [.. before]);
        fixed (byte* raw = _raw)
        {
            LibcProcesses.MakeRaw(raw);
        }

        // What we print still ends lines as programs do.
        before.AsSpan(OutputFlags, 4).CopyTo(_raw.AsSpan(OutputFlags));
        Resume();
    }

    /// <summary>Puts a terminal into raw mode; null when the descriptor is none.</summary>
    public static RawTerminal? TryEnter(int descriptor)
    {
        var mode = new byte[ModeSize];
        fixed (byte* bytes = mode)
        {
            return LibcProcesses.GetTerminalMode(descriptor, bytes) == 0 ? new RawTerminal(descriptor, mode) : null;
        }
    }

    /// <summary>Tells how many columns a terminal has.</summary>
    public static int WidthOf(int descriptor)
    {
        var size = stackalloc ushort[4];
        return Control(descriptor, WindowSize, size) == 0 && size[1] > 0 ? size[1] : DefaultWidth;
    }

    /// <summary>Goes back to the old mode for a while.</summary>
    public void Suspend() => Set(_before);

    /// <summary>Goes back to raw mode.</summary>
    public void Resume() => Set(_raw);

    public void Dispose() => Suspend();

    private void Set(byte[] mode)
    {
        fixed (byte* bytes = mode)
        {
            _ = LibcProcesses.SetTerminalMode(_descriptor, AfterOutput, bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, ulong request, ushort* size);
}
