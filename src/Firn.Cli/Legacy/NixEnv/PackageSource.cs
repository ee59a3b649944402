namespace Firn.Cli.Legacy.NixEnv;

/// <summary>Where the packages that arguments name are taken from.</summary>
internal abstract record PackageSource
{
    private PackageSource() { }

    /// <summary>The arguments are selectors among all packages of the expression; store paths when the first has a slash.</summary>
    public sealed record Names : PackageSource;

    /// <summary>The arguments are functions of the expression (<c>-E</c>).</summary>
    public sealed record Expressions : PackageSource;

    /// <summary>The arguments are attribute paths in the expression (<c>-A</c>).</summary>
    public sealed record AttributePaths : PackageSource;

    /// <summary>The arguments are selectors among what another profile has (<c>--from-profile</c>).</summary>
    public sealed record Profile(string Path) : PackageSource;
}
