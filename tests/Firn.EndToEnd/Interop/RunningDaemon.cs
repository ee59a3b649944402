using System.Diagnostics;

namespace Firn.EndToEnd.Interop;

/// <summary>The daemon of firn or of C++ Nix on a machine, at a socket in its home folder.</summary>
internal sealed class RunningDaemon : IDisposable
{
    private readonly Process _process;
    private readonly Machine _machine;
    private readonly string _socket;

    public RunningDaemon(Machine machine, bool isFirn)
    {
        (_machine, _socket) = (machine, $"{machine.Home}/socket");
        var commands = isFirn ? Machine.FirnCommands : machine.ReferenceCommands;
        _process = machine.StartShell($"NIX_DAEMON_SOCKET_PATH={_socket} exec {commands}/nix-daemon 2>{machine.Home}/daemon.log >&2");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(_socket) || _process.HasExited, TimeSpan.FromSeconds(20)), "the daemon did not start");
        Assert.False(_process.HasExited, Log);
        // What another machine reaches "by ssh": the daemon's program, on this machine.
        Remote = machine.Write("remote-daemon", $"#!/bin/sh\nexec {machine.Enter} {commands}/nix-daemon \"$@\"\n");
        File.SetUnixFileMode(Remote, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The store for those on the same machine.</summary>
    public string Local => $"unix://{_socket}";

    /// <summary>The store for those on other machines who share the file system but not <c>/nix</c>.</summary>
    public string Mounted => $"unix://{_socket}?root={_machine.Folder}";

    /// <summary>The store for those on other machines, who have nothing but a connection.</summary>
    public string Ssh => $"ssh-ng://localhost?remote-program={Remote}";

    /// <summary>All that it said.</summary>
    public string Log => File.ReadAllText($"{_machine.Home}/daemon.log");

    private string Remote { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
