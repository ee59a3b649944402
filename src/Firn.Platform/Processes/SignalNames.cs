namespace Firn.Platform.Processes;

/// <summary>What people call signals.</summary>
public static class SignalNames
{
    private static readonly string[] _names =
    [
        "Unknown signal 0", "Hangup", "Interrupt", "Quit", "Illegal instruction", "Trace/breakpoint trap", "Aborted",
        "Bus error", "Floating point exception", "Killed", "User defined signal 1", "Segmentation fault",
        "User defined signal 2", "Broken pipe", "Alarm clock", "Terminated", "Stack fault", "Child exited", "Continued",
        "Stopped (signal)", "Stopped", "Stopped (tty input)", "Stopped (tty output)", "Urgent I/O condition",
        "CPU time limit exceeded", "File size limit exceeded", "Virtual timer expired", "Profiling timer expired",
        "Window changed", "I/O possible", "Power failure", "Bad system call",
    ];

    /// <summary>Returns the name of signal <paramref name="number"/>, as strsignal(3) words it.</summary>
    public static string Of(int number) =>
        number >= 0 && number < _names.Length ? _names[number] : $"Unknown signal {number}";
}
