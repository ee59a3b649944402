using Firn.Model.Diagnostics;

namespace Firn.Daemon;

/// <summary>Talking to a daemon failed, or one refused what it was asked.</summary>
public class DaemonException(ErrorCode code, string message, Exception? inner = null, params string[] hints)
    : FirnException(new Diagnostic(code, message) { Hints = [.. hints] }, inner)
{
    /// <summary>The other side does not speak as the protocol wants it.</summary>
    public static DaemonException Protocol(string problem) => new(DaemonErrors.Protocol, problem);
}

/// <summary>The other side could not do what it was asked; the connection is good for more.</summary>
public sealed class RemoteException(string message, int status)
    : DaemonException(DaemonErrors.Remote, message.Length > 0 ? message : "the daemon could not do it and does not say why")
{
    public override int ExitStatus => status;
}

/// <summary>The error codes of daemons.</summary>
public static class DaemonErrors
{
    public static ErrorCode Protocol { get; } = new("daemon/protocol");

    public static ErrorCode Remote { get; } = new("daemon/remote");

    public static ErrorCode Connect { get; } = new("daemon/connect");

    public static ErrorCode NotAllowed { get; } = new("daemon/not-allowed");

    public static ErrorCode TooLarge { get; } = new("daemon/too-large");
}
