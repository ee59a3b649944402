namespace Firn.Cli;

/// <summary>The names that the one binary answers to.</summary>
internal static class ProgramNames
{
    /// <summary>Returns the name by which this process was started, which links give it.</summary>
    public static string Called()
    {
        // The runtime tells the name of the program's own file, not the one that was called.
        var line = File.ReadAllText("/proc/self/cmdline");
        var first = line.IndexOf('\0') is >= 0 and var end ? line[..end] : line;
        return first[(first.LastIndexOf('/') + 1)..];
    }

    public static bool IsLegacy(string name) => name is
        "nix-build" or "nix-channel" or "nix-collect-garbage" or "nix-copy-closure" or "nix-daemon" or "nix-env"
        or "nix-hash" or "nix-instantiate" or "nix-prefetch-url" or "nix-shell" or "nix-store";

    /// <summary>Tells whether <c>firn NAME …</c> stands for a program of that name.</summary>
    public static bool IsKnown(string name) => name == "nix" || IsLegacy(name);
}
