namespace Firn.Cli.Rendering;

/// <summary>How messages and progress are shown.</summary>
internal enum LogFormat
{
    /// <summary>A line for each message.</summary>
    Raw,

    /// <summary>On a terminal a live view of what goes on; elsewhere as <see cref="Raw"/>, but lines of builds begin with their names.</summary>
    Bar,

    /// <summary>A JSON object behind <c>@nix</c> for each message and event.</summary>
    InternalJson,
}
