using Firn.Model.Diagnostics;

namespace Firn.Cli;

/// <summary>The error codes of the command line itself.</summary>
internal static class CliErrors
{
    public static ErrorCode Interrupted { get; } = new("cli/interrupted");

    public static ErrorCode Failed { get; } = new("cli/failed");

    public static ErrorCode File { get; } = new("cli/file");

    public static ErrorCode Internal { get; } = new("cli/internal");
}
