using System.Diagnostics;
using System.Text;

namespace Firn.Tests.Cli.Repl;

/// <summary>A prompt in a process of its own, driven through pipes or through a terminal.</summary>
internal sealed class PromptProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Lock _reading = new();

    private PromptProcess(Process process)
    {
        _process = process;
        new Thread(Read) { IsBackground = true }.Start();
    }

    /// <summary>Whether terminals can be had.</summary>
    public static bool HasTerminals => File.Exists("/usr/bin/script");

    /// <summary>Everything that was printed.</summary>
    public string Seen
    {
        get
        {
            lock (_reading)
            {
                return _seen.ToString();
            }
        }
    }

    /// <summary>Starts <c>firn repl</c> with its standard input and its output connected to pipes.</summary>
    public static PromptProcess OnPipes(string folder, string arguments = "") =>
        new(Start(folder, "/bin/sh", ["-c", $"exec '{Program}' repl {arguments} 2>&1"]));

    /// <summary>Starts <c>firn repl</c> on a terminal.</summary>
    public static PromptProcess OnTerminal(string folder, string arguments = "", string command = "repl") =>
        new(Start(folder, "/usr/bin/script", ["-qefc", $"stty cols 80; exec '{Program}' {command} {arguments}", "/dev/null"]));

    /// <summary>Types something; then waits until something has been printed that ends with a text.</summary>
    /// <returns>What was printed since it was typed.</returns>
    public string Type(string text, string until)
    {
        var before = Seen.Length;
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
        return WaitFor(until, before);
    }

    /// <summary>Waits until what was printed after <paramref name="from"/> contains a text.</summary>
    public string WaitFor(string text, int from = 0)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < _patience)
        {
            var seen = Seen;
            if (seen.Length > from && seen[from..].Contains(text, StringComparison.Ordinal))
            {
                return seen[from..];
            }

            Thread.Sleep(5);
        }

        throw new TimeoutException($"'{text}' was not printed, only: {Seen[from..]}");
    }

    /// <summary>Ends the input and returns the status.</summary>
    public int End()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(_patience), Seen);
        return _process.ExitCode;
    }

    /// <summary>Waits for the program's own end and returns the status.</summary>
    public int WaitForEnd()
    {
        Assert.True(_process.WaitForExit(_patience), Seen);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "firn");

    private static Process Start(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("NIX_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = folder;
        start.Environment["XDG_DATA_HOME"] = folder + "/.data";
        start.Environment["TERM"] = "xterm";
        start.Environment["EDITOR"] = "true";
        start.Environment.Remove("NO_COLOR");
        return Process.Start(start)!;
    }

    private void Read()
    {
        var buffer = new char[4096];
        for (var count = _process.StandardOutput.Read(buffer); count > 0; count = _process.StandardOutput.Read(buffer))
        {
            lock (_reading)
            {
                _seen.Append(buffer, 0, count);
            }
        }
    }
}
