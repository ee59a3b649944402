using System.Runtime.InteropServices;
using Firn.Model.Text;

namespace Firn.Platform.Processes;

/// <summary>Makes this process another program.</summary>
public static unsafe partial class Execution
{
    private const int Interrupt = 2;
    private const int BrokenPipe = 13;

    /// <summary>Runs a program in the place of this one; returns only when that is not possible.</summary>
    /// <param name="program">The path of the program.</param>
    /// <param name="arguments">Its arguments, the name first.</param>
    /// <param name="environment">Its environment, as <c>name=value</c>.</param>
    /// <returns>The number of the error.</returns>
    public static int Replace(ByteString program, IEnumerable<ByteString> arguments, IEnumerable<ByteString> environment)
    {
        using var memory = new NativeTexts();
        var path = memory.Text(program);
        var words = memory.List([.. arguments]);
        var variables = memory.List([.. environment]);

        // The runtime ignores this signal, and what is ignored stays so.
        Handle(BrokenPipe, 0);
        _ = Execute(path, words, variables);
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>Has Ctrl-C reach this process though the shell that started it behind itself had it ignored.</summary>
    /// <remarks>Must come before anybody registers for the signal: the runtime leaves one alone that is ignored.</remarks>
    public static void HeedInterruption() => Handle(Interrupt, 0);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    private static partial int Execute(byte* path, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
