namespace Firn.Fetching;

/// <summary>The permissions of files that are written on their way into the store, which keeps only whether they can be executed.</summary>
internal static class Modes
{
    internal const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal const UnixFileMode Executable = Plain | UnixFileMode.UserExecute;
}
