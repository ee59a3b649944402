using System.Runtime.InteropServices;
using Firn.Model.Diagnostics;

namespace Firn.Platform.Processes;

/// <summary>A process, or something that it needs, could not be made.</summary>
public sealed class ProcessException(string message, Exception? inner = null)
    : FirnException(new Diagnostic(ProcessErrors.Failed, message), inner)
{
    /// <summary>Says what could not be done, and why the system refused.</summary>
    internal static ProcessException Of(string doing, int error) => new($"{doing}: {Marshal.GetPInvokeErrorMessage(error)}");

    /// <summary>Says what could not be done, and why the last call was refused.</summary>
    internal static ProcessException OfLast(string doing) => Of(doing, Marshal.GetLastPInvokeError());
}

/// <summary>The error codes of processes.</summary>
public static class ProcessErrors
{
    public static ErrorCode Failed { get; } = new("platform/process");
}
