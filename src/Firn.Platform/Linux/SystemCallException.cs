using System.Runtime.InteropServices;
using Firn.Model.Diagnostics;

namespace Firn.Platform.Linux;

/// <summary>The operating system refused something.</summary>
public sealed class SystemCallException(string doing, Errno error)
    : FirnException(new Diagnostic(PlatformErrors.SystemCall, $"{doing}: {Marshal.GetPInvokeErrorMessage((int)error)}")
    {
        Hints = Hint(error) is { } hint ? [hint] : [],
    })
{
    public Errno Error { get; } = error;

    internal static SystemCallException Last(string doing) => new(doing, (Errno)Marshal.GetLastPInvokeError());

    private static string? Hint(Errno error) => error switch
    {
        Errno.NoSpace => "the disk is full; 'nix-collect-garbage' may free some space",
        Errno.ReadOnlyFileSystem => "the file system is mounted read-only",
        _ => null,
    };
}

/// <summary>The error codes of this room.</summary>
public static class PlatformErrors
{
    public static ErrorCode SystemCall { get; } = new("platform/system-call");
}
