using System.Collections.Immutable;

namespace Firn.Cli.Installables;

/// <summary>Which attributes of a flake a command looks at.</summary>
/// <param name="Defaults">Where to look when nothing is named; <c>SYSTEM</c> stands for the machine's own.</param>
/// <param name="Prefixes">What to try before a name.</param>
internal sealed record FlakeAttributes(ImmutableArray<string> Defaults, ImmutableArray<string> Prefixes)
{
    private const string System = "SYSTEM";

    /// <summary>What can be built.</summary>
    public static FlakeAttributes Packages { get; } = new(
        [$"packages.{System}.default", $"defaultPackage.{System}"], [$"packages.{System}.", $"legacyPackages.{System}."]);

    /// <summary>What can be run.</summary>
    public static FlakeAttributes Apps { get; } = new(
        [$"apps.{System}.default", $"defaultApp.{System}", .. Packages.Defaults], [$"apps.{System}.", .. Packages.Prefixes]);

    /// <summary>What can be worked on.</summary>
    public static FlakeAttributes Shells { get; } = new(
        [$"devShells.{System}.default", $"devShell.{System}", .. Packages.Defaults], [$"devShells.{System}.", .. Packages.Prefixes]);

    /// <summary>The flake itself.</summary>
    public static FlakeAttributes Whole { get; } = new([""], Packages.Prefixes);

    /// <summary>Lists where to look for what stands after <c>#</c>; a dot in front means exactly that.</summary>
    public IReadOnlyList<string> PathsOf(string fragment, string system)
    {
        IEnumerable<string> paths = fragment switch
        {
            "" => Defaults,
            ['.', .. var exact] => [exact],
            _ => Prefixes.Select(p => p + fragment).Append(fragment),
        };
        return [.. paths.Select(p => p.Replace(System, system, StringComparison.Ordinal))];
    }
}
