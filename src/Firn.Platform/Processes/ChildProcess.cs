using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>A process that we started; a thread of its own starts it and waits for its end.</summary>
/// <remarks>
/// The thread exists because credentials, landlock, personality and the creation mask belong to threads: it takes on
/// what the child is to have, starts it, and takes that with it when it ends. It lives as long as the child, since
/// "die with your parent" means the thread.
/// </remarks>
public sealed class ChildProcess : IDisposable
{
    private readonly ManualResetEventSlim _started = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly ChildOptions _options;
    private readonly Lock _killing = new();
    private Exception? _failure;
    private int _status;
    private bool _reaped;

    private ChildProcess(ChildOptions options) => _options = options;

    public int Id { get; private set; }

    /// <summary>Gets readable when the process has ended.</summary>
    internal WakeUp Ended { get; } = new();

    /// <summary>Starts a process.</summary>
    /// <exception cref="ProcessException">It could not be started; the message says why.</exception>
    public static ChildProcess Start(ChildOptions options)
    {
        var child = new ChildProcess(options);
        new Thread(child.Run, 256 * 1024) { IsBackground = true, Name = "child" }.Start();
        child._started.Wait();
        return child._failure is null ? child : throw child._failure;
    }

    /// <summary>Waits for its end.</summary>
    public ProcessEnd Wait()
    {
        _ended.Wait();
        return new ProcessEnd(_status);
    }

    /// <summary>Waits for its end, but not longer than <paramref name="patience"/>; null when it goes on.</summary>
    public ProcessEnd? Wait(TimeSpan patience) => _ended.Wait(patience) ? new ProcessEnd(_status) : null;

    /// <summary>Ends it at once.</summary>
    public void Kill() => Signal(Id);

    /// <summary>Ends all processes of the group that it leads.</summary>
    public void KillGroup() => _ = LibcProcesses.Kill(-Id, LibcProcesses.KillSignal);

    public void Dispose()
    {
        Kill();
        _ended.Wait();
        Ended.Dispose();
        _started.Dispose();
        _ended.Dispose();
    }

    private void Signal(int process)
    {
        // Once reaped, the number may belong to another process.
        lock (_killing)
        {
            if (!_reaped)
            {
                _ = LibcProcesses.Kill(process, LibcProcesses.KillSignal);
            }
        }
    }

    private void Run()
    {
        try
        {
            ThreadState.Take(_options);
            Id = Spawning.Spawn(_options);
        }
        catch (Exception e)
        {
            _failure = e;
            _reaped = true;
            _ended.Set();
            _started.Set();
            return;
        }

        _started.Set();
        WaitForEnd();
        _ended.Set();
        Ended.Set();
    }

    private void WaitForEnd()
    {
        // The process is left as a zombie first, so that nobody signals a number that has been given away.
        Span<byte> info = stackalloc byte[128];
        while (Waiting.WaitWithoutReaping(Id, info) < 0 && Marshal.GetLastPInvokeError() == LibcProcesses.Interrupted)
        {
        }

        lock (_killing)
        {
            while (LibcProcesses.Wait(Id, out _status, 0) < 0 && Marshal.GetLastPInvokeError() == LibcProcesses.Interrupted)
            {
            }

            _reaped = true;
        }
    }
}

/// <summary>How a process ended.</summary>
public readonly record struct ProcessEnd(int Status)
{
    public bool IsSuccess => Status == 0;

    /// <summary>The number that it ended with, or null when a signal ended it.</summary>
    public int? ExitCode => (Status & 0x7f) == 0 ? (Status >> 8) & 0xff : null;

    /// <summary>The signal that ended it, or null.</summary>
    public int? Signal => (Status & 0x7f) == 0 ? null : Status & 0x7f;

    /// <summary>Makes the end of a process that returned <paramref name="code"/>.</summary>
    public static ProcessEnd OfExitCode(int code) => new((code & 0xff) << 8);

    /// <summary>Words it as <c>failed with exit code 1</c>.</summary>
    public override string ToString() => this switch
    {
        { IsSuccess: true } => "succeeded",
        { ExitCode: { } code } => $"failed with exit code {code}",
        _ => $"failed due to signal {Signal} ({SignalNames.Of(Signal ?? 0)})",
    };
}
