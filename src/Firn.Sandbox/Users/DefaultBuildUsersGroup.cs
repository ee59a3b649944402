using Firn.Platform.Linux;

namespace Firn.Sandbox.Users;

/// <summary>The group of build users where nobody says which.</summary>
internal static class DefaultBuildUsersGroup
{
    private const string Usual = "nixbld";

    /// <summary>Returns the usual one for root, on a machine that has it; else none.</summary>
    /// <remarks>Asks the file rather than the C library, since every start of the program comes by here.</remarks>
    public static string Find() =>
        CurrentUser.IsRoot && File.Exists("/etc/group") && File.ReadLines("/etc/group").Any(l => l.StartsWith(Usual + ":", StringComparison.Ordinal))
            ? Usual
            : "";
}
